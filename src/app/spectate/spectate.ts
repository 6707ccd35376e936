import { join } from 'node:path'
import type { RunEvent } from '../../core/events.ts'
import type { FoundRun } from '../../lab/lease/live-runs.ts'
import { describeHolder } from '../../lab/lease/holder.ts'
import { verdictName } from '../../report/terminal/tree.ts'
import { openEnvironment } from '../environment/environments.ts'
import { chooseBoard } from '../lab/choose-boards.ts'
import { resetTerminal } from '../attended/reset-terminal.ts'
import { chooseRun } from './choose-run.ts'
import { ConsoleView } from './console-view.ts'
import { followEvents } from './follow-events.ts'

export interface SpectateOptions {
  readonly env: string
  /** May be left out where the environment has one board. */
  readonly board: string | undefined
}

/**
 * `hil console --watch`: shows the consoles of a board that a run has, until the run ends or the person leaves.
 * @returns the exit code
 * @throws HilError `console.nobody`, `console.no-run`, `console.not-readable`, `environment.*`
 */
export async function spectateCommand({ env, board }: SpectateOptions, cwd = process.cwd()): Promise<number> {
  const environment = await openEnvironment(env, cwd)
  const spec = await chooseBoard(environment, { board, tags: [] }, cwd)
  using run = await chooseRun(spec, environment)
  const { stdout } = process
  stdout.on('error', leaveWhenNobodyReads)
  const name = run.boards.includes(spec.name) ? spec.name : (run.boards[0] ?? spec.name)
  const view = new ConsoleView(name, (bytes) => void stdout.write(bytes))
  view.remark(`watching ${spec.name}, which ${describeHolder(run.holder)} has; Ctrl-] leaves`)
  const ending = new AbortController()
  void run.gone.then(() => {
    ending.abort()
  })
  using person = leaveByKey(() => {
    ending.abort()
  })
  let finished: Finished | undefined
  for await (const event of followEvents(join(run.report, 'events.jsonl'), ending.signal)) {
    if (person.hasLeft) break
    if (event.type === 'run-finished') {
      finished = event
      break
    }
    view.show(event)
  }
  if (stdout.isTTY) stdout.write(resetTerminal)
  view.remark(person.hasLeft ? 'the run goes on' : endOf(run, finished))
  return 0
}

type Finished = Extract<RunEvent, { type: 'run-finished' }>

/** In one line, with the verdict. */
function endOf({ holder, report }: FoundRun, finished: Finished | undefined): string {
  if (finished === undefined)
    return `process ${holder.pid} has ended without a verdict; its report: ${report}`
  const { verdict, interruptedBy, exitCode, counts } = finished
  const told = Object.entries(counts).flatMap(([what, count]) => (count > 0 ? [`, ${count} ${what}`] : []))
  const how = interruptedBy === undefined ? verdictName(verdict) : `interrupted by ${interruptedBy}`
  return `the run has ended: ${how} (exit ${exitCode})${told.join('')}; its report: ${report}`
}

/** Ctrl-] as at a console of one's own, and Ctrl-C; whatever else is typed goes nowhere. */
const leaveKeys: readonly number[] = [0x1d, 0x03]

function leaveByKey(leave: () => void): Disposable & { readonly hasLeft: boolean } {
  const { stdin } = process
  let hasLeft = false
  const onKeys = (keys: Buffer) => {
    if (!keys.some((key) => leaveKeys.includes(key))) return
    hasLeft = true
    leave()
  }
  if (stdin.isTTY) {
    stdin.setRawMode(true)
    stdin.on('data', onKeys)
  }
  return {
    get hasLeft() {
      return hasLeft
    },
    [Symbol.dispose]() {
      if (!stdin.isTTY) return
      stdin.removeListener('data', onKeys)
      stdin.setRawMode(false)
      stdin.pause()
    },
  }
}

/** `hil console --watch | head` */
function leaveWhenNobodyReads(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
}
