import type { Deadline } from '../../core/deadline.ts'
import type { BoardSpec } from '../../environment/environment.ts'
import type { BenchOutcome } from './board-health.ts'
import type { LeaseBoards } from './lease-boards.ts'
import { releaseAll, type BoardLease } from './board-lease.ts'

/** Boards that stay one's own from one run to the next. */
export interface KeptLeases {
  /** For runs: what they give back is kept. */
  readonly leaseBoards: LeaseBoards
  /** Says what is known of the bench of one of them, beside what the runs say. */
  judge(board: string, outcome: BenchOutcome): Promise<void>
  release(): Promise<void>
}

/**
 * Leases boards for several runs one after the other: nobody gets in between.
 * @throws what `leaseBoards` throws
 */
export async function keepLeases(
  specs: readonly BoardSpec[],
  leaseBoards: LeaseBoards,
  context: Parameters<LeaseBoards>[1],
  t: Deadline,
): Promise<KeptLeases> {
  const leases = await leaseBoards(specs, context, t)
  const lent = new Map(leases.map((lease) => [lease.board, lease]))
  return {
    leaseBoards: (wanted) => {
      const found = wanted.map(({ name }) => {
        const lease = lent.get(name)
        if (lease === undefined) throw new RangeError(`${name} is not leased`)
        // From the first run on it is us who left the board.
        const given = loan(lease)
        lent.set(name, { ...given, abandonedBy: [] })
        return given
      })
      return Promise.resolve(found)
    },
    judge: async (board, outcome) => {
      await lent.get(board)?.judge(outcome)
    },
    release: () => releaseAll(leases),
  }
}

function loan(lease: BoardLease): BoardLease {
  const { board, fence, abandonedBy, health } = lease
  const equip = lease.equip?.bind(lease)
  const settle = () => {
    lease.settle()
  }
  return {
    ...{ board, fence, abandonedBy, health, settle },
    judge: (outcome) => lease.judge(outcome),
    release: () => Promise.resolve(),
    ...(equip && { equip }),
  }
}
