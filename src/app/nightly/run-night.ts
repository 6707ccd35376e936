import { join } from 'node:path'
import { HilError, messageOf } from '../../core/errors.ts'
import type { EmitEvent } from '../../core/events.ts'
import type { NightCell, NightRecord } from '../../core/night-record.ts'
import { interruptedExit, verdicts } from '../../core/verdicts.ts'
import { displayPath } from '../../environment/problems/problems.ts'
import type { Queueing } from '../../lab/lease/lease-boards.ts'
import { Screen } from '../../report/terminal/screen.ts'
import { NightView } from '../../report/nightly/terminal/night-view.ts'
import { writeDurably } from '../durable-json.ts'
import { superviseRun } from '../run/supervise-run.ts'
import { openOutput } from '../terminal.ts'
import { conductNight } from './conduct-night.ts'
import type { PreparedPayload } from './conduct/payload-line.ts'
import { verdictOfNight } from './night-verdict.ts'
import { cellsDirectory, nightFile } from './night-file.ts'
import { identityWith, logPath, NightPayloads } from './payloads/night-payloads.ts'
import type { Plan } from './plan/plan.ts'
import { runHook } from './run-hook.ts'
import { timeBox } from './time-box.ts'
import { startBoard } from './worker/board-process.ts'
import type { CellJob } from './worker/messages.ts'

export interface RunNightOptions {
  /** Of the night; there already. */
  readonly directory: string
  readonly plan: Plan
  readonly record: NightRecord
  readonly cwd: string
  /** Why a payload with this identity need not be run, in a sentence. */
  readonly passedBefore: (payload: string, identity: string) => string | undefined
  /** What is done when all cells are over: reports, and who is told. */
  readonly finish: (record: NightRecord, screen: Screen, interrupt: AbortSignal) => Promise<NightRecord>
}

/**
 * Runs a night, from its beginning or from where it was stopped.
 * @returns the exit code
 * @throws HilError for what keeps it from going on
 */
export async function runNight(options: RunNightOptions): Promise<number> {
  const { directory, plan, cwd } = options
  const screen = new Screen(openOutput(process.stdout))
  const reserveMs = Math.max(...plan.boards.map(({ timeouts }) => timeouts.release))
  const emit: EmitEvent = (event) => {
    if (event.type === 'note') screen.print(`${event.message}\n`)
  }
  using supervision = superviseRun({ emit, reserveMs })
  using box = timeBox(plan.timeMs, supervision.interrupt)
  const view = new NightView(screen)
  const payloads = new NightPayloads(directory, cwd)
  let record = options.record
  const hook = (
    name: keyof typeof hookNames,
    variables: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ) =>
    runHook(
      {
        ...{ name: hookNames[name], command: plan.hooks[name], plan: plan.file },
        variables: { HIL_NIGHT: directory, ...variables },
      },
      signal,
    )
  const conduct = () =>
    conductNight(
      {
        limits: {
          ...{ infrastructureRetries: plan.infrastructureRetries, atOnce: plan.atOnce },
          ...plan.failure,
        },
        prepare: (payload, boards, signal) =>
          prepare(payload.name, boards, payloads, options, record, signal),
        open: (board) =>
          startBoard({
            ...{ environment: plan.environment.file, board, cwd, argv: record.argv },
            ...{ reports: join(directory, cellsDirectory), queueing: queueingOf(plan) },
            onNote: (message) => {
              screen.print(`${message}\n`)
            },
            signal: box.signal,
          }),
        jobOf: (cell, boots) => ({ ...jobOf(cell, plan), boots }),
        healthJob: healthJob(plan),
        hooks: {
          before: (cell) => hook('cellBefore', cellVariables(cell), box.signal),
          // What it undoes is undone when time is up, too.
          after: async (cell) => {
            try {
              await hook('cellAfter', cellVariables(cell), never)
            } catch (error) {
              screen.print(`${messageOf(error)}\n`)
            }
          },
        },
        save: async (kept) => {
          record = kept
          await writeDurably(join(directory, nightFile), kept)
        },
        onUpdate: (update) => {
          view.update(update)
        },
        signal: box.signal,
      },
      record,
    )
  try {
    const obstacle = await failureOf(hook('before', {}, box.signal))
    record = obstacle === undefined ? await conduct() : { ...record, stopped: messageOf(obstacle) }
    view.stop()
    await payloads.close()
    record = await options.finish(record, screen, supervision.interrupt)
    await writeDurably(join(directory, nightFile), record)
    const failure = await failureOf(hook('after', { HIL_NIGHT_VERDICT: verdictOfNight(record) }, never))
    supervision.throwIfBroken()
    view.end(record, displayPath(directory, cwd))
    const { interrupt } = supervision
    if (interrupt.aborted) return interruptedExit[interrupt.reason === 'SIGTERM' ? 'SIGTERM' : 'SIGINT']
    if (failure !== undefined) throw failure
    return exitCodeOf(record)
  } finally {
    view.stop()
    await payloads.close()
  }
}

/** As a plan calls them. */
const hookNames = {
  before: 'before',
  after: 'after',
  cellBefore: 'cell-before',
  cellAfter: 'cell-after',
} as const satisfies Record<keyof Plan['hooks'], string>

const never = new AbortController().signal

async function failureOf(hook: Promise<void>): Promise<HilError | undefined> {
  try {
    await hook
    return undefined
  } catch (error) {
    if (error instanceof HilError) return error
    throw error
  }
}

function exitCodeOf(record: NightRecord): number {
  return verdicts[verdictOfNight(record)].exit
}

async function prepare(
  name: string,
  boards: readonly string[],
  payloads: NightPayloads,
  { plan, directory, passedBefore }: RunNightOptions,
  record: NightRecord,
  signal: AbortSignal,
): Promise<PreparedPayload> {
  const payload = plan.payloads.find((each) => each.name === name)
  if (payload === undefined) throw new RangeError(`the plan has no payload ${name}`)
  const pinned = record.payloads.find((each) => each.name === name)?.commit?.id
  const wanted = plan.boards.filter((board) => boards.includes(board.name))
  const log = payload.source === undefined ? {} : { log: logPath(directory, payloads.logOf(payload)) }
  const made = await payloads.build(payload, wanted, pinned, signal)
  if ('obstacle' in made) return { ...made.facts, ...log, obstacle: { why: made.obstacle, blame: 'payload' } }
  const specs = plan.specs.flatMap(({ files }) => files)
  const identity = await identityWith(made.facts.identity, specs)
  const skipped = identity === undefined ? undefined : passedBefore(name, identity)
  return {
    ...{ ...made.facts, ...log, boots: made.boots },
    ...(identity !== undefined && { identity }),
    ...(skipped !== undefined && { skipped }),
  }
}

function jobOf({ spec: name }: NightCell, { specs }: Plan): Omit<CellJob, 'boots'> {
  const spec = specs.find((each) => each.name === name)
  if (spec === undefined) throw new RangeError(`the plan has no spec ${name}`)
  const { files, grep, state, testTimeoutMs, timeoutMs, retries } = spec
  return { specs: files, grep, state, testTimeoutMs, timeoutMs, retries }
}

function healthJob({ health }: Plan): CellJob | undefined {
  if (health === undefined) return undefined
  const { specs, timeoutMs } = health
  const rest = { grep: undefined, state: undefined, testTimeoutMs: undefined, retries: 0 }
  return { specs, timeoutMs, ...rest, boots: { kind: 'golden' }, isHealthCheck: true }
}

/** A night that has no limit waits for its boards as long as it takes. */
const longestWaitMs = 24 * 3600_000

/** A board in quarantine is admitted to what could show that it is well. */
function queueingOf({ waitMs, timeMs, priority, health }: Plan): Queueing {
  const admitsQuarantined = health !== undefined
  return { priority, waitMs: waitMs ?? timeMs ?? longestWaitMs, admitsQuarantined }
}

function cellVariables({ board, payload, spec }: NightCell): Readonly<Record<string, string>> {
  return { HIL_BOARD: board, HIL_PAYLOAD: payload, HIL_SPEC: spec }
}
