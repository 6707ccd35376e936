import { relative, resolve } from 'node:path'
import { messageOf } from '../../core/errors.ts'
import type { EmitEvent } from '../../core/events.ts'
import { listSome } from '../../core/list-some.ts'
import { interruptedExit } from '../../core/verdicts.ts'
import { showEnvironment } from '../../environment/show-environment.ts'
import type { Environment } from '../../environment/environment.ts'
import type { Queueing } from '../../lab/lease/lease-boards.ts'
import { leasesOf } from '../leases.ts'
import { Screen } from '../../report/terminal/screen.ts'
import { watchReporter } from '../../report/terminal/watch-reporter.ts'
import { BoardKeeper } from '../../session/board/board-keeper.ts'
import type { RunSpecsOptions } from '../../session/run-options.ts'
import { runSpecs } from '../../session/run-specs.ts'
import { redactorFor } from '../../session/run-start.ts'
import { openEnvironment } from '../environment/environments.ts'
import { chooseBoards } from '../lab/choose-boards.ts'
import { withPayload, type PayloadArguments } from '../payload/arguments.ts'
import { preparer } from '../payload/prepare.ts'
import { personAt } from '../person.ts'
import { openRunReport } from '../report/run-report.ts'
import { findSpecs } from '../run/spec-files.ts'
import { superviseRun } from '../run/supervise-run.ts'
import { openOutput } from '../terminal.ts'
import { pressedKey } from './keys.ts'
import { WatchedInputs } from './watched-inputs.ts'

/** What `hil watch` was told. */
export interface WatchCommandOptions extends Pick<RunSpecsOptions, 'bail' | 'retries' | 'keep'> {
  /** Files, directories, globs. */
  readonly specs: readonly string[]
  readonly env: string
  /** Empty: all of the environment. */
  readonly boards: readonly string[]
  /** Of these, those that have every one of these tags. */
  readonly tags: readonly string[]
  readonly grep: string | undefined
  readonly timeoutMs: number | undefined
  readonly state: string | undefined
  readonly reportRoot: string
  readonly payload: PayloadArguments
  /** Boots in spite of what is wrong with the payload. */
  readonly force: boolean
  readonly queueing: Queueing
}

/**
 * `hil watch`: holds the boards, and runs the specs now and after each change of what a run depends on. Only
 * another payload is booted; every run has a report of its own.
 * @returns the exit code
 * @throws HilError for what is wrong before the first run, and for boards that could not be left as declared
 */
export async function watchCommand(options: WatchCommandOptions, cwd = process.cwd()): Promise<number> {
  findSpecs(options.specs, cwd)
  const own = await openEnvironment(options.env, cwd)
  const { names, notes } = await chooseBoards(own, options)
  const environment = { ...own, boards: own.boards.map((board) => withPayload(board, options.payload, cwd)) }
  const boards = environment.boards.filter(({ name }) => names.includes(name))

  const screen = new Screen(openOutput(process.stdout))
  const between: EmitEvent = (event) => {
    if (event.type === 'note') screen.print(`${event.message}\n`)
  }
  let emit = between
  const reserveMs = Math.max(...boards.map(({ timeouts }) => timeouts.release))
  const supervised: EmitEvent = (event) => {
    emit(event)
  }
  using supervision = superviseRun({ emit: supervised, reserveMs })
  const { interrupt } = supervision
  const keeper = new BoardKeeper(redactorFor(environment))
  using inputs = new WatchedInputs(boards)
  const prepareBoot = preparer({ force: options.force, onInputs: inputs.onInputs })
  try {
    await watch()
  } finally {
    const [problem] = await keeper.release(options.keep)
    if (problem !== undefined) throw problem
  }
  supervision.throwIfBroken()
  return interrupt.aborted ? interruptedExit[interrupt.reason === 'SIGTERM' ? 'SIGTERM' : 'SIGINT'] : 0

  async function watch(): Promise<void> {
    let reason = ''
    while (!interrupt.aborted) {
      await runOnce(reason)
      if (interrupt.aborted) return
      const next = await waitForChange()
      if (next === 'quit') return
      reason = next
    }
  }

  async function runOnce(reason: string): Promise<void> {
    const specs = specsNow()
    await inputs.begin(specs)
    const report = openRunReport({
      cwd,
      root: options.reportRoot,
      boards: names,
      reporters: [],
      reader: (reportDirectory) => watchReporter({ screen, reportDirectory, reason }),
      screen,
      logLevel: undefined,
    })
    emit = report.emit
    await runSpecs({
      ...runOptions(options, environment, names),
      specs,
      notes,
      emit,
      interrupt,
      prepareBoot,
      keeper,
      leaseBoards: leasesOf(options.queueing),
      ...askPerson(screen),
      readerFailures: () => report.failures().map(({ reporter, error }) => ({ reader: reporter, error })),
    })
    emit = between
    await report.close()
  }

  /** A spec that is gone for a moment is about to be written. */
  function specsNow(): readonly string[] {
    try {
      return findSpecs(options.specs, cwd).map((spec) => resolve(cwd, spec))
    } catch (error) {
      screen.print(`${messageOf(error)}\n`)
      return []
    }
  }

  async function waitForChange(): Promise<string> {
    const waiting = new AbortController()
    const signal = AbortSignal.any([waiting.signal, interrupt])
    screen.print('Waiting for a change; r runs now, q ends.\n')
    try {
      const next = await Promise.race([inputs.changed(signal), pressedKey(process.stdin, signal)])
      if (next === 'quit') return next
      return next === 'run' ? 'asked for' : `changed: ${listed(next, cwd)}`
    } finally {
      waiting.abort()
    }
  }
}

function runOptions(options: WatchCommandOptions, environment: Environment, boards: readonly string[]) {
  const { bail, retries, keep, grep, timeoutMs, state } = options
  return {
    environment,
    environmentYaml: showEnvironment(environment),
    ...{ boards, bail, retries, keep, repeatEach: 1, failOnFlaky: false, exitMode: 'run' as const },
    ...(grep !== undefined && { grep }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(state !== undefined && { state }),
    argv: ['hil', ...process.argv.slice(2)],
  }
}

function askPerson(screen: Screen): Pick<RunSpecsOptions, 'ask'> {
  const ask = personAt(screen)
  return ask === undefined ? {} : { ask }
}

const listedFiles = 3

/** A few files as the person would type them, and how many more. */
function listed(files: readonly string[], cwd: string): string {
  const names = files.map((file) => {
    const near = relative(cwd, file)
    return near.startsWith('..') ? file : near
  })
  return listSome(names, listedFiles)
}
