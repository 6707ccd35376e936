import { relative, resolve } from 'node:path'
import { messageOf } from '../../core/errors.ts'
import type { EmitEvent } from '../../core/events.ts'
import { listSome } from '../../core/list-some.ts'
import { interruptedExit } from '../../core/verdicts.ts'
import { Screen } from '../../report/terminal/screen.ts'
import { watchReporter } from '../../report/terminal/watch-reporter.ts'
import { BoardKeeper } from '../../session/board/board-keeper.ts'
import { runSpecs } from '../../session/run-specs.ts'
import { redactorFor } from '../../session/run-start.ts'
import { preparer } from '../payload/prepare.ts'
import { openRunReport } from '../report/run-report.ts'
import { openBoards, runOptionsOf, type SpecCommandOptions } from '../run/spec-command.ts'
import { findSpecs } from '../run/spec-files.ts'
import { superviseRun } from '../run/supervise-run.ts'
import { openOutput } from '../terminal.ts'
import { pressedKey } from './keys.ts'
import { WatchedInputs } from './watched-inputs.ts'

/**
 * `hil watch`: holds the boards, and runs the specs now and after each change of what a run depends on. Only
 * another payload is booted; every run has a report of its own.
 * @returns the exit code
 * @throws HilError for what is wrong before the first run, and for boards that could not be left as declared
 */
export async function watchCommand(options: SpecCommandOptions, cwd = process.cwd()): Promise<number> {
  findSpecs(options.specs, cwd)
  const opened = await openBoards(options, cwd)
  const { environment, boards: names } = opened
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
      ...runOptionsOf(options, opened, report, screen),
      ...{ specs, repeatEach: 1, failOnFlaky: false, exitMode: 'run', interrupt, prepareBoot, keeper },
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

const listedFiles = 3

/** A few files as the person would type them, and how many more. */
function listed(files: readonly string[], cwd: string): string {
  const names = files.map((file) => {
    const near = relative(cwd, file)
    return near.startsWith('..') ? file : near
  })
  return listSome(names, listedFiles)
}
