import { isDeadlineExceeded, type Deadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'
import { now } from '../../core/clock.ts'
import { tryLock } from '../resource-lock.ts'
import { unlock, writeDown, type BoardLease, type HeldPart, type LeaseRequest } from './board-lease.ts'
import { asHolder, thisPerson, thisProcess } from './holder.ts'
import { enqueue, rankOf, waitingFor } from './lease-queue.ts'
import { describeObstacle, heldError, type Obstacle } from './lease-obstacle.ts'
import { holdName } from './names.ts'
import { visit } from './named-socket.ts'
import { refuseQuarantined } from './quarantine.ts'

export interface LeaseOptions {
  /** What for, told to others who want the board: the command line. */
  readonly what: string
  /** Among those who wait, the highest one comes first. */
  readonly priority: number
  /** How long to wait for boards that others have, in milliseconds; 0: not at all. */
  readonly waitMs: number
  /** Whether a board in quarantine may be had, too: by who looks after it. @default only by who holds it for hand work */
  readonly admitsQuarantined?: boolean
  /** Told who is in the way, each time it is somebody else. */
  readonly onWait: (sentence: string) => void
}

/**
 * Leases boards, all or none: whoever waits for one holds no other. Those who wait are served by priority, then by age.
 *
 * What makes a lease exclusive is a lock of the kernel for each resource, freed with this process however it ends
 * (`docs/decisions/0008-leases-are-kernel-locks.md`). The record on disk only tells the next one what happened.
 *
 * @throws HilError `lock.held`, `lab.quarantined`, `lab.directory` (infrastructure), `lab.shared-resource` (environment)
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
  if (options.admitsQuarantined !== true) await refuseQuarantined(requests)
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
    // Looked for with the lock in hand: whoever had the board until now may have been the last one it failed.
    if (options.admitsQuarantined !== true) await refuseQuarantined(requests)
    return await writeDown(requests, held)
  } catch (error) {
    await unlock(held)
    throw error
  }
}

async function giveUp(held: readonly HeldPart[], obstacle: Obstacle): Promise<Obstacle> {
  await unlock(held)
  return obstacle
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

function sharedError(resource: string, one: string, other: string): HilError {
  return new HilError(
    'lab.shared-resource',
    `the boards ${one} and ${other} can't be used at the same time: both need ${resource}; correct the one that names the wrong one`,
    { blame: 'environment', details: { resource, boards: [one, other] } },
  )
}
