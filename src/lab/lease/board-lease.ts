import type { BoardSpec } from '../../environment/environment.ts'
import type { ResourceLock } from '../resource-lock.ts'
import { afterUse, unharmed, worstOf, type BenchOutcome, type BoardHealth } from './board-health.ts'
import type { Holder } from './holder.ts'
import { readRecord, recordDirectory, writeRecord, type LeaseRecord } from './lease-records.ts'

export interface LeaseRequest {
  readonly board: string
  /** Everything it needs for itself alone. */
  readonly resources: readonly string[]
  /** Of these, what is this board whatever environments call it. @default nothing: it is kept of none how it does */
  readonly knownBy?: readonly string[]
  /** So many failures of its bench in a row put the board into quarantine. @default none do */
  readonly quarantineAfter?: number
}

/** A board that nobody else on this host uses, until it is released or this process ends. */
export interface BoardLease {
  readonly board: string
  /** Greater than that of every earlier lease of the same hardware. */
  readonly fence: number
  /** Those who leased it last, and ended without leaving the board as declared. */
  readonly abandonedBy: readonly Holder[]
  /** How its bench did up to now. */
  readonly health: BoardHealth
  /** Of a board at a coordinator: the board with the hardware that came with its place. */
  equip?(spec: BoardSpec): Promise<BoardSpec>
  /** Says what this use tells of the bench, which is kept at once. @returns how it did now */
  judge(outcome: BenchOutcome): Promise<BoardHealth>
  /** Says that the board is left in a state the next one may look at. Without it, what was said of it before still holds. */
  settle(): void
  /** Not to be called before the board was left. May be called again. */
  release(): Promise<void>
}

/** A resource that is locked, and the board that needs it. */
export interface HeldPart {
  readonly board: string
  readonly resource: string
  readonly holder: Holder
  readonly lock: ResourceLock
}

/**
 * Makes leases of what is locked. From here on whoever comes next knows of us, even when we die.
 * @param requests each gets a lease, also one that needs nothing for itself
 * @throws HilError `lab.directory` (infrastructure)
 */
export async function writeDown(
  requests: readonly LeaseRequest[],
  held: readonly HeldPart[],
): Promise<BoardLease[]> {
  if (held.length === 0) return requests.map((request) => new HostLease(request, Date.now(), [], ''))
  const directory = await recordDirectory()
  const parts = await Promise.all(
    held.map(async (part) => ({ ...part, before: await readRecord(directory, part.resource) })),
  )
  // By the clock, so that it grows also where the records are gone since the host was started.
  const fence = Math.max(Date.now(), ...parts.map(({ before }) => (before?.fence ?? 0) + 1))
  for (const { resource, holder, before } of parts) {
    await writeRecord(directory, { resource, fence, holder, health: before?.health })
  }
  return requests.map((request) => {
    const own = parts.filter((part) => part.board === request.board)
    return new HostLease(request, fence, own, directory)
  })
}

interface LeasedPart extends HeldPart {
  /** Its record as we found it: who is in there ended without giving it back. */
  readonly before: LeaseRecord | undefined
}

class HostLease implements BoardLease {
  readonly board: string
  readonly fence: number
  readonly abandonedBy: readonly Holder[]
  readonly #request: LeaseRequest
  readonly #directory: string
  #parts: readonly LeasedPart[]
  #health: BoardHealth
  #isSettled = false
  #released: Promise<void> | undefined

  constructor(request: LeaseRequest, fence: number, parts: readonly LeasedPart[], directory: string) {
    this.board = request.board
    this.fence = fence
    const holders = parts.flatMap(({ before }) => before?.holder ?? [])
    this.abandonedBy = [
      ...new Map(holders.map((holder) => [`${holder.pid} ${holder.since}`, holder])).values(),
    ]
    this.#request = request
    this.#parts = parts
    this.#directory = directory
    const own = parts.filter((part) => this.#isKnownBy(part))
    this.#health = worstOf(own.map(({ before }) => before?.health ?? unharmed))
  }

  get health(): BoardHealth {
    return this.#health
  }

  async judge(outcome: BenchOutcome): Promise<BoardHealth> {
    const own = this.#parts.filter((part) => this.#isKnownBy(part))
    const [first] = own
    // An emulated board that everybody can run has no bench that could fail the next one.
    if (first === undefined) return this.#health
    const { quarantineAfter: limit = Number.POSITIVE_INFINITY } = this.#request
    const at = new Date().toISOString()
    this.#health = afterUse(this.#health, outcome, { limit, holder: first.holder, at })
    for (const part of own) await this.#write(part, part.holder)
    return this.#health
  }

  settle(): void {
    this.#isSettled = true
  }

  // Who asks again may be about to end this process: it has to wait for what was begun.
  release(): Promise<void> {
    this.#released ??= this.#giveBack()
    return this.#released
  }

  async #giveBack(): Promise<void> {
    const parts = this.#parts
    this.#parts = []
    try {
      for (const part of parts) await this.#write(part, this.#isSettled ? undefined : part.before?.holder)
    } finally {
      await unlock(parts)
    }
  }

  #isKnownBy({ resource }: LeasedPart): boolean {
    return this.#request.knownBy?.includes(resource) === true
  }

  async #write(part: LeasedPart, holder: Holder | undefined): Promise<void> {
    const { resource, before } = part
    const health = this.#isKnownBy(part) ? this.#health : before?.health
    await writeRecord(this.#directory, { resource, fence: this.fence, holder, health })
  }
}

/** Gives back all of them, also after one could not be. @throws why the first of those could not */
export async function releaseAll(leases: readonly BoardLease[]): Promise<void> {
  const ends = await Promise.allSettled(leases.map((lease) => lease.release()))
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}

export async function unlock(held: readonly HeldPart[]): Promise<void> {
  for (const { lock } of held) await lock.release()
}
