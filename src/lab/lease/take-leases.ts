import { isDeadlineExceeded, type Deadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'
import { now } from '../../core/clock.ts'
import { nameOfResource, tryLock, type ResourceLock } from '../resource-lock.ts'
import { asHolder, thisPerson, thisProcess, type Holder } from './holder.ts'
import { enqueue, rankOf, waitingFor } from './lease-queue.ts'
import { describeObstacle, heldError, type Obstacle } from './lease-obstacle.ts'
import { readRecord, recordDirectory, writeRecord } from './lease-records.ts'
import { visit } from './named-socket.ts'

export interface LeaseRequest {
  readonly board: string
  /** Everything it needs for itself alone. */
  readonly resources: readonly string[]
}

export interface LeaseOptions {
  /** What for, told to others who want the board: the command line. */
  readonly what: string
  /** Among those who wait, the highest one comes first. */
  readonly priority: number
  /** How long to wait for boards that others have, in milliseconds; 0: not at all. */
  readonly waitMs: number
  /** Told who is in the way, each time it is somebody else. */
  readonly onWait: (sentence: string) => void
}

/** A board that nobody else on this host uses, until it is released or this process ends. */
export interface BoardLease {
  readonly board: string
  /** Greater than that of every earlier lease of the same hardware. */
  readonly fence: number
  /** Those who leased it last, and ended without leaving the board as declared. */
  readonly abandonedBy: readonly Holder[]
  /** Says that the board is left in a state the next one may look at. Without it, what was said of it before still holds. */
  settle(): void
  /** Not to be called before the board was left. May be called again. */
  release(): Promise<void>
}

/**
 * Leases boards, all or none: whoever waits for one holds no other. Those who wait are served by priority, then by age.
 *
 * What makes a lease exclusive is a lock of the kernel for each resource, freed with this process however it ends
 * (`docs/decisions/0008-leases-are-kernel-locks.md`). The record on disk only tells the next one what happened.
 *
 * @throws HilError `lock.held`, `lab.directory` (infrastructure), `lab.shared-resource` (environment)
 */
export async function takeLeases(
  requests: readonly LeaseRequest[],
  options: LeaseOptions,
  t: Deadline,
): Promise<readonly BoardLease[]> {
  const wanted = orderedParts(requests)
  if (options.waitMs <= 0) {
    const outcome = await attempt(requests, wanted, rankOf(options.priority), options)
    if (Array.isArray(outcome)) return outcome
    using _visit = outcome.visit
    throw heldError(outcome, 0)
  }
  const ticket = await enqueue(
    wanted.map(({ resource }) => resource),
    { holder: thisProcess(options.what), priority: options.priority },
  )
  try {
    return await waitForTurn(requests, wanted, ticket.rank, options, t)
  } finally {
    await ticket.leave()
  }
}

/** A resource, and the board that needs it. */
interface Part {
  readonly board: string
  readonly resource: string
}

/** In one order for everybody, so that two who want the same never each have a half. */
function orderedParts(requests: readonly LeaseRequest[]): readonly Part[] {
  const owners = new Map<string, string>()
  for (const { board, resources } of requests) {
    for (const resource of new Set(resources)) {
      const other = owners.get(resource)
      if (other !== undefined) throw sharedError(resource, other, board)
      owners.set(resource, board)
    }
  }
  return [...owners]
    .map(([resource, board]) => ({ board, resource }))
    .sort((a, b) => (a.resource < b.resource ? -1 : 1))
}

async function waitForTurn(
  requests: readonly LeaseRequest[],
  wanted: readonly Part[],
  rank: string,
  options: LeaseOptions,
  t: Deadline,
): Promise<readonly BoardLease[]> {
  const started = now()
  using wait = t.within(options.waitMs, `waiting for ${requests.map(({ board }) => board).join(', ')}`)
  let told = ''
  for (;;) {
    const outcome = await attempt(requests, wanted, rank, options)
    if (Array.isArray(outcome)) return outcome
    using visit = outcome.visit
    const holder = asHolder(visit?.greeting)
    const key = JSON.stringify([outcome.kind, holder?.pid, holder?.since])
    if (key !== told) options.onWait(describeObstacle(outcome))
    told = key
    try {
      await wait.race(visit?.gone ?? Promise.resolve())
      wait.throwIfOver()
    } catch (error) {
      if (isDeadlineExceeded(error) && !t.signal.aborted) throw heldError(outcome, now() - started)
      throw error
    }
  }
}

/** @returns the leases, or what is in the way; then nothing is held */
async function attempt(
  requests: readonly LeaseRequest[],
  wanted: readonly Part[],
  rank: string,
  options: LeaseOptions,
): Promise<BoardLease[] | Obstacle> {
  const ahead = await someoneAhead(wanted, rank)
  if (ahead !== undefined) return ahead
  const holders = new Map(
    requests.map(({ board }) => [board, thisProcess(`board ${board}: ${options.what}`)]),
  )
  const held: HeldPart[] = []
  try {
    for (const { board, resource } of wanted) {
      const holder = holders.get(board) ?? thisProcess(options.what)
      const lock = await tryLock(resource, holder)
      if ('visit' in lock) return await giveUp(held, { kind: 'used', board, resource, visit: lock.visit })
      held.push({ board, resource, holder, lock })
    }
    const hold = await someonesHold(wanted)
    if (hold !== undefined) return await giveUp(held, hold)
    return await writeDown(requests, held)
  } catch (error) {
    await unlock(held)
    throw error
  }
}

interface HeldPart extends Part {
  readonly holder: Holder
  readonly lock: ResourceLock
}

async function giveUp(held: readonly HeldPart[], obstacle: Obstacle): Promise<Obstacle> {
  await unlock(held)
  return obstacle
}

async function unlock(held: readonly HeldPart[]): Promise<void> {
  for (const { lock } of held) await lock.release()
}

/** The one just before us: those further ahead are waited for by that one. */
async function someoneAhead(wanted: readonly Part[], rank: string): Promise<Obstacle | undefined> {
  const waiting = await waitingFor(wanted.map(({ resource }) => resource))
  for (const place of waiting.filter((each) => each.rank < rank).reverse()) {
    const at = await visit(place.name)
    const part = wanted.find(({ resource }) => resource === place.resource)
    if (at !== undefined && part !== undefined) return { kind: 'queue', ...part, visit: at }
  }
  return undefined
}

/** Looked for with the lock in hand: nobody can begin a hold meanwhile. */
async function someonesHold(wanted: readonly Part[]): Promise<Obstacle | undefined> {
  for (const part of wanted) {
    const at = await visit(holdName(part.resource))
    if (at === undefined) continue
    if (asHolder(at.greeting)?.user !== thisPerson()) return { kind: 'held', ...part, visit: at }
    at[Symbol.dispose]()
  }
  return undefined
}

/** The name that says that somebody keeps a resource for hand work. */
export function holdName(resource: string): string {
  return `hil/hold/${nameOfResource(resource)}`
}

/** From here on whoever comes next knows of us, even when we die. */
async function writeDown(
  requests: readonly LeaseRequest[],
  held: readonly HeldPart[],
): Promise<BoardLease[]> {
  if (held.length === 0) return requests.map(({ board }) => new HostLease(board, Date.now(), [], ''))
  const directory = await recordDirectory()
  const records = new Map(
    await Promise.all(
      held.map(async ({ resource }) => [resource, await readRecord(directory, resource)] as const),
    ),
  )
  // By the clock, so that it grows also where the records are gone since the host was started.
  const fence = Math.max(Date.now(), ...[...records.values()].map((record) => (record?.fence ?? 0) + 1))
  for (const { resource, holder } of held) await writeRecord(directory, { resource, fence, holder })
  return requests.map(({ board }) => {
    const parts = held.filter((part) => part.board === board)
    const leased = parts.map((part) => ({ ...part, before: records.get(part.resource)?.holder }))
    return new HostLease(board, fence, leased, directory)
  })
}

interface LeasedPart extends HeldPart {
  /** Who ended without giving it back, before us. */
  readonly before: Holder | undefined
}

class HostLease implements BoardLease {
  readonly board: string
  readonly fence: number
  readonly abandonedBy: readonly Holder[]
  readonly #directory: string
  #parts: readonly LeasedPart[]
  #isSettled = false

  constructor(board: string, fence: number, parts: readonly LeasedPart[], directory: string) {
    this.board = board
    this.fence = fence
    const before = parts.flatMap(({ before: holder }) => holder ?? [])
    this.abandonedBy = [
      ...new Map(before.map((holder) => [`${holder.pid} ${holder.since}`, holder])).values(),
    ]
    this.#parts = parts
    this.#directory = directory
  }

  settle(): void {
    this.#isSettled = true
  }

  async release(): Promise<void> {
    const parts = this.#parts
    this.#parts = []
    try {
      for (const { resource, before } of parts) {
        const holder = this.#isSettled ? undefined : before
        await writeRecord(this.#directory, { resource, fence: this.fence, holder })
      }
    } finally {
      await unlock(parts)
    }
  }
}

function sharedError(resource: string, one: string, other: string): HilError {
  return new HilError(
    'lab.shared-resource',
    `the boards ${one} and ${other} can't be used at the same time: both need ${resource}; correct the one that names the wrong one`,
    { blame: 'environment', details: { resource, boards: [one, other] } },
  )
}
