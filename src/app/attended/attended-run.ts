import { now } from '../../core/clock.ts'
import { startDeadline, type Deadline } from '../../core/deadline.ts'
import type { HilError } from '../../core/errors.ts'
import type { BoardSpec, Environment } from '../../environment/environment.ts'
import { showEnvironment } from '../../environment/show-environment.ts'
import type { LeaseBoards } from '../../lab/lease/lease-boards.ts'
import { attachReporter } from '../../report/terminal/attach-reporter.ts'
import { Screen } from '../../report/terminal/screen.ts'
import type { BoardService } from '../../session/board/board-service.ts'
import { benchOutcomes, type BenchOutcomes } from '../../session/board/bench-outcomes.ts'
import { HeldBoards } from '../../session/board/held-boards.ts'
import type { PrepareBoot } from '../../session/board/prepared-boot.ts'
import { emitStart, redacting, redactorFor } from '../../session/run-start.ts'
import { assertState } from '../../strategy/assert-state.ts'
import { planBoard } from '../../session/board/plan-board.ts'
import { attachTerminal } from './attach-terminal.ts'
import { emitEnd, interruptionOf } from '../emit-end.ts'
import { personAt } from '../person.ts'
import { openRunReport } from '../report/run-report.ts'
import { superviseRun } from '../run/supervise-run.ts'
import { openOutput } from '../terminal.ts'

export interface AttendedRunOptions {
  /** `hil console`, for whoever else wants the board. */
  readonly what: string
  readonly environment: Environment
  readonly board: BoardSpec
  /** Where to bring the board first; undefined: nothing is switched. */
  readonly state: string | undefined
  /** Whether the board stays as it is when all went well. */
  readonly keep: boolean
  readonly reportRoot: string
  readonly leaseBoards: LeaseBoards
  readonly prepareBoot: PrepareBoot
  readonly body: (attended: AttendedBoard) => Promise<void>
}

/** A board at the state that was asked for. */
export interface AttendedBoard {
  readonly service: BoardService
  readonly screen: Screen
  readonly t: Deadline
  /** Hands the console to the person, until they leave it. */
  readonly attach: () => Promise<void>
}

/**
 * One board for a person, without specs, in a report as any run.
 * @returns the exit code
 * @throws what taking the board, reaching the state and `body` throw
 */
export async function attendedRun(options: AttendedRunOptions, cwd: string): Promise<number> {
  const { board, environment, state } = options
  const plan = await planBoard(board)
  if (state !== undefined) assertState(plan.strategy, board.name, state)

  const screen = new Screen(openOutput(process.stdout))
  const report = openRunReport({
    cwd,
    root: options.reportRoot,
    boards: [board.name],
    reporters: [],
    more: [attachReporter(screen)],
    screen,
    logLevel: undefined,
  })
  using supervision = superviseRun({ emit: report.emit, reserveMs: board.timeouts.release })
  const { interrupt: signal } = supervision
  const redactor = redactorFor(environment)
  const emit = redacting(report.emit, redactor)
  const startedAt = now()
  const environmentYaml = showEnvironment(environment)
  emitStart(
    {
      environment,
      environmentYaml,
      argv: ['hil', ...process.argv.slice(2)],
      specs: [],
      boards: [board.name],
    },
    emit,
  )
  let failure: unknown
  try {
    await attend()
  } catch (error) {
    failure = signal.aborted ? undefined : error
  }
  const exitCode = emitEnd(failure, interruptionOf(signal), now() - startedAt, emit)
  await report.close()
  supervision.throwIfBroken()
  if (failure !== undefined) throw failure as Error
  screen.print(`Report: ${report.directory}\n`)
  return exitCode

  async function attend(): Promise<void> {
    using root = startDeadline(Number.POSITIVE_INFINITY, options.what, { signal })
    const ask = personAt(screen)
    const { what, prepareBoot } = options
    const held = await HeldBoards.take(
      [plan],
      {
        emit,
        redactor,
        prepareBoot,
        what,
        leaseBoards: options.leaseBoards,
        ...(ask && { ask }),
      },
      root,
    )
    let isDone = false
    let outcomes: BenchOutcomes = new Map()
    let problems: readonly HilError[]
    try {
      const service = held.services.get(board.name)
      if (service === undefined) return
      if (state !== undefined) {
        await service.goto(root, state)
        outcomes = new Map([[board.name, { kind: 'worked' }]])
      }
      const attach = () =>
        service.interact((line) => attachTerminal({ ...line, screen, tap: report.tap, signal }))
      await options.body({ service, screen, t: root, attach })
      isDone = true
    } catch (error) {
      outcomes = benchOutcomes([board.name], { results: [], error })
      throw error
    } finally {
      problems = await held.release((options.keep && isDone) || state === undefined, outcomes)
    }
    const [first] = problems
    if (first !== undefined) throw first
  }
}
