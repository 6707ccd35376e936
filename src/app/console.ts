import { relative } from 'node:path'
import { now } from '../core/clock.ts'
import { startDeadline } from '../core/deadline.ts'
import { didYouMean } from '../core/did-you-mean.ts'
import { blameOf, HilError, toSerializedError } from '../core/errors.ts'
import type { EmitEvent } from '../core/events.ts'
import { verdictOf, verdicts } from '../core/verdicts.ts'
import type { BoardSpec, Environment } from '../environment/environment.ts'
import { showEnvironment } from '../environment/show-environment.ts'
import { attachReporter } from '../report/terminal/attach-reporter.ts'
import { Screen } from '../report/terminal/screen.ts'
import { HeldBoards, type BoardPlan } from '../session/held-boards.ts'
import { emitStart, redacting, redactorFor } from '../session/run-start.ts'
import { assertState } from '../strategy/assert-state.ts'
import { loadStrategy } from '../strategy/load-strategy.ts'
import { assertTerminal, attachTerminal } from './attach-terminal.ts'
import { openEnvironment } from './environments.ts'
import { personAt } from './person.ts'
import { preparer } from './payload/prepare.ts'
import { openRunReport } from './run-report.ts'
import { superviseRun } from './supervise-run.ts'
import { openOutput } from './terminal.ts'

/** What `hil console` was told. */
export interface ConsoleCommandOptions {
  readonly env: string
  /** May be left out where the environment has one board. */
  readonly board: string | undefined
  /** Where to bring the board first; without it nothing is switched, and nothing afterwards. */
  readonly state: string | undefined
  readonly keep: boolean
  readonly reportRoot: string
}

/**
 * `hil console`: a person at a board's console, in a report as any run.
 * @returns the exit code
 * @throws HilError `console.no-terminal`, `environment.*`, and what taking the board or reaching the state throws
 */
export async function consoleCommand(options: ConsoleCommandOptions, cwd = process.cwd()): Promise<number> {
  assertTerminal()
  const environment = await openEnvironment(options.env, cwd)
  const spec = chooseBoard(environment, options.board, cwd)
  const plan = { spec, strategy: await loadStrategy(spec.strategy) }
  if (options.state !== undefined) assertState(plan.strategy, spec.name, options.state)

  const screen = new Screen(openOutput(process.stdout))
  const report = openRunReport({
    cwd,
    root: options.reportRoot,
    boards: [spec.name],
    reporters: [],
    more: [attachReporter(screen)],
    screen,
    logLevel: undefined,
  })
  using supervision = superviseRun({ emit: report.emit, reserveMs: spec.timeouts.release })
  const redactor = redactorFor(environment)
  const emit = redacting(report.emit, redactor)
  const startedAt = now()
  const environmentYaml = showEnvironment(environment)
  emitStart(
    { environment, environmentYaml, argv: ['hil', ...process.argv.slice(2)], specs: [], boards: [spec.name] },
    emit,
  )
  let failure: unknown
  try {
    await attach(plan)
  } catch (error) {
    failure = supervision.interrupt.aborted ? undefined : error
  }
  emitEnd(failure, now() - startedAt, emit)
  await report.close()
  supervision.throwIfBroken()
  if (failure !== undefined) throw failure as Error
  screen.print(`Report: ${report.directory}\n`)
  return 0

  async function attach(boardPlan: BoardPlan): Promise<void> {
    const { interrupt: signal } = supervision
    using root = startDeadline(Number.POSITIVE_INFINITY, 'hil console', { signal })
    const ask = personAt(screen)
    const prepareBoot = preparer({ force: false })
    const take = { emit, redactor, prepareBoot, what: 'hil console', ...(ask && { ask }) }
    const held = await HeldBoards.take([boardPlan], take, root)
    try {
      const service = held.services.get(spec.name)
      if (options.state !== undefined) await service?.goto(root, options.state)
      screen.print(`The console of ${spec.name}; Ctrl-] leaves.\n`)
      await service?.interact((console) => attachTerminal({ console, screen, tap: report.tap, signal }))
    } finally {
      // Who only looked leaves everything as it was.
      await held.release(options.keep || options.state === undefined)
    }
  }
}

/** @throws HilError `environment.unknown-board`, `console.which-board` (environment) */
function chooseBoard({ boards, file }: Environment, name: string | undefined, cwd: string): BoardSpec {
  const names = boards.map((board) => board.name)
  const [first, ...others] = boards
  if (name === undefined && first !== undefined && others.length === 0) return first
  const found = boards.find((board) => board.name === name)
  if (found !== undefined) return found
  const place = relative(cwd, file)
  if (name === undefined) {
    throw wrongBoard(
      'console.which-board',
      `${place} has ${names.length} boards: say which, of ${names.join(', ')}`,
    )
  }
  const hint = didYouMean(name, names) || `; it has ${names.join(', ')}`
  throw wrongBoard('environment.unknown-board', `there is no board "${name}" in ${place}${hint}`)
}

function wrongBoard(code: string, message: string): HilError {
  return new HilError(code, message, { blame: 'environment' })
}

function emitEnd(failure: unknown, durationMs: number, emit: EmitEvent): void {
  const verdict = failure === undefined ? 'passed' : verdictOf(blameOf(failure))
  emit({
    type: 'run-finished',
    verdict,
    exitCode: verdicts[verdict].exit,
    counts: { passed: 0, failed: 0, skipped: 0, flaky: 0 },
    durationMs,
    ...(failure !== undefined && { error: toSerializedError(failure) }),
  })
}
