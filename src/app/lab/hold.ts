import { spawn } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { formatDuration } from '../../core/duration.ts'
import { startDeadline, type Deadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'
import { formatMoment } from '../../core/moment.ts'
import { interruptedExit, verdictOf, verdicts } from '../../core/verdicts.ts'
import type { BoardLease } from '../../lab/lease/board-lease.ts'
import { endHolds, hold } from '../../lab/lease/hold.ts'
import { describeHolder, thisPerson, thisProcess } from '../../lab/lease/holder.ts'
import type { Queueing } from '../../lab/lease/lease-boards.ts'
import { recordDirectory } from '../../lab/lease/lease-records.ts'
import { lookUp } from '../../lab/lease/look-up.ts'
import { takeLeases, type LeaseOptions } from '../../lab/lease/take-leases.ts'
import { silentHolder } from '../../lab/resource-lock.ts'
import { onInterrupt, type Interrupt } from '../interruption.ts'
import { boardsToHold, boardToHold, type BoardArguments, type LabBoard } from './chosen-boards.ts'
import { firstFree } from './first-free.ts'

export interface HoldCommandOptions extends BoardArguments {
  /** In milliseconds; undefined: until it is unlocked. */
  readonly timeMs: number | undefined
  readonly queueing: Queueing
  /** Whether this process keeps the board, or one that it leaves behind. */
  readonly foreground: boolean
}

/**
 * `hil lab hold` and `hil lab lock`: a board for a person's hand work.
 * @returns the exit code
 * @throws HilError `lock.held` (infrastructure), `lab.*`, `environment.*` (environment)
 */
export async function holdCommand(options: HoldCommandOptions, cwd = process.cwd()): Promise<number> {
  if ((options.timeMs ?? 0) > longestMs) throw tooLong(options.timeMs ?? 0)
  if (!options.foreground) return leaveBehind()
  const boards = await boardsToHold(options, cwd)
  const { timeMs, queueing } = options
  const interruption = new AbortController()
  let signalled: Interrupt | undefined
  using _signals = onInterrupt((signal) => {
    signalled = signal
    interruption.abort(new Error(`interrupted by ${signal}`))
  })
  using t = startDeadline(Number.POSITIVE_INFINITY, 'the hold', interruption)
  const what = ['hil', ...process.argv.slice(2).filter((word) => word !== foregroundOption)].join(' ')
  try {
    const onWait = (sentence: string) => void process.stderr.write(`${sentence}; waiting\n`)
    const leasing = { ...queueing, admitsQuarantined: true, what, onWait }
    const { spec, request, lease } = await leaseOneOf(boards, leasing, t)
    const until = timeMs === undefined ? undefined : new Date(Date.now() + timeMs).toISOString()
    const holder = { ...thisProcess(what), ...(until !== undefined && { until }) }
    const kept = await hold(request.resources, holder, lease).finally(() => lease.release())
    const end =
      until === undefined ? 'it is unlocked' : `${formatMoment(until)} (${formatDuration(timeMs ?? 0)})`
    process.stdout.write(
      `${spec.name} is yours, ${thisPerson()}, until ${end}; "hil lab unlock ${spec.name}" ends it\n`,
    )
    const over = timeMs === undefined ? new Promise<void>(() => undefined) : wait(timeMs, undefined, t)
    // A promise alone keeps no process alive.
    const alive = setInterval(() => undefined, 2 ** 30)
    try {
      await t.race(Promise.race([kept.asked, over]))
    } finally {
      clearInterval(alive)
      await kept.end()
    }
    return 0
  } catch (error) {
    if (signalled === undefined) throw error
    return interruptedExit[signalled]
  }
}

/** Of several boards the first that nobody has; where each has somebody, the best one when its turn comes. */
async function leaseOneOf(
  boards: readonly [LabBoard, ...LabBoard[]],
  options: LeaseOptions,
  t: Deadline,
): Promise<LabBoard & { readonly lease: BoardLease }> {
  const free = await firstFree(boards, (board) => leaseOf(board, { ...options, waitMs: 0 }, t))
  return free ?? leaseOf(boards[0], options, t)
}

async function leaseOf(board: LabBoard, options: LeaseOptions, t: Deadline) {
  const [lease] = await takeLeases([board.request], options, t)
  if (lease === undefined) throw new RangeError('no lease')
  return { ...board, lease }
}

/** A timer has 31 bits of milliseconds. */
const longestMs = 24 * 24 * 3600 * 1000

function tooLong(ms: number): HilError {
  return new HilError(
    'lab.hold-too-long',
    `a board can't be held for ${formatDuration(ms)}, but for ${formatDuration(longestMs)}; "hil lab lock" keeps it until it is unlocked`,
    { blame: 'environment', details: { ms } },
  )
}

const foregroundOption = '--foreground'

/** Runs the same command in a process of its own, which stays, and says what it says until the board is held. */
async function leaveBehind(): Promise<number> {
  const args = [...process.execArgv, ...process.argv.slice(1), foregroundOption]
  // Streams of its own: whoever reads ours waits for their end.
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  child.stderr.on('data', (said: Buffer) => void process.stderr.write(said))
  using _signals = onInterrupt((signal) => child.kill(signal))
  return await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      resolve(code ?? verdicts[verdictOf('hil')].exit)
    })
    child.stdout.once('data', (said: Buffer) => {
      process.stdout.write(said)
      child.removeAllListeners('close')
      child.stdout.destroy()
      child.stderr.destroy()
      child.unref()
      resolve(0)
    })
  })
}

/**
 * `hil lab unlock`: ends a hold.
 * @returns the exit code
 * @throws HilError `lab.not-yours`, `environment.*` (environment)
 */
export async function unlockCommand(
  { force, ...args }: BoardArguments & { readonly force: boolean },
  cwd = process.cwd(),
): Promise<number> {
  const { spec, request } = await boardToHold(args, cwd)
  const ended = new Map((await endHolds(request.resources, force)).map((holder) => [holder.pid, holder]))
  for (const holder of ended.values()) {
    process.stdout.write(`${spec.name} is no longer held by ${describeHolder(holder)}\n`)
  }
  const { users } = await lookUp(request, await recordDirectory())
  for (const user of users) {
    const who = user === 'silent' ? silentHolder : describeHolder(user)
    process.stdout.write(`${spec.name} is in use by ${who}; only the end of that process frees it\n`)
  }
  if (ended.size === 0 && users.length === 0) process.stdout.write(`${spec.name} is free\n`)
  return users.length > 0 ? verdicts[verdictOf('infrastructure')].exit : 0
}
