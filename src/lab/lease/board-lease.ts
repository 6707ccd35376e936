import type { ResourceLock } from '../resource-lock.ts'
import type { Holder } from './holder.ts'
import { readRecord, recordDirectory, writeRecord } from './lease-records.ts'

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

/** A resource that is locked, and the board that needs it. */
export interface HeldPart {
  readonly board: string
  readonly resource: string
  readonly holder: Holder
  readonly lock: ResourceLock
}

/**
 * Makes leases of what is locked. From here on whoever comes next knows of us, even when we die.
 * @param boards each gets a lease, also one that needs nothing for itself
 * @throws HilError `lab.directory` (infrastructure)
 */
export async function writeDown(boards: readonly string[], held: readonly HeldPart[]): Promise<BoardLease[]> {
  if (held.length === 0) return boards.map((board) => new HostLease(board, Date.now(), [], ''))
  const directory = await recordDirectory()
  const records = new Map(
    await Promise.all(
      held.map(async ({ resource }) => [resource, await readRecord(directory, resource)] as const),
    ),
  )
  // By the clock, so that it grows also where the records are gone since the host was started.
  const fence = Math.max(Date.now(), ...[...records.values()].map((record) => (record?.fence ?? 0) + 1))
  for (const { resource, holder } of held) await writeRecord(directory, { resource, fence, holder })
  return boards.map((board) => {
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

export async function unlock(held: readonly HeldPart[]): Promise<void> {
  for (const { lock } of held) await lock.release()
}
