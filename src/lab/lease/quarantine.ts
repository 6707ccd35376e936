import { HilError } from '../../core/errors.ts'
import { describeQuarantine, type BoardHealth } from './board-health.ts'
import type { LeaseRequest } from './board-lease.ts'
import { asHolder, thisPerson } from './holder.ts'
import { readHealth, recordDirectory } from './lease-records.ts'
import { visit } from './named-socket.ts'
import { holdName } from './names.ts'

/** @throws HilError `lab.quarantined` (infrastructure) for a board that is not to be had */
export async function refuseQuarantined(requests: readonly LeaseRequest[]): Promise<void> {
  for (const request of requests) {
    const health = await quarantineOf(request)
    if (health !== undefined) throw quarantineError(request.board, health)
  }
}

/** How a board does that nobody gets but who holds it for hand work; `undefined` where we may have it. */
export async function quarantineOf({ knownBy = [] }: LeaseRequest): Promise<BoardHealth | undefined> {
  if (knownBy.length === 0) return undefined
  const health = await readHealth(await recordDirectory(), knownBy)
  return health.quarantinedSince === undefined || (await isOurs(knownBy)) ? undefined : health
}

/** Whether we keep any of these for hand work. */
async function isOurs(resources: readonly string[]): Promise<boolean> {
  for (const resource of resources) {
    using at = await visit(holdName(resource))
    if (asHolder(at?.greeting)?.user === thisPerson()) return true
  }
  return false
}

/** Who, since when, why, and how the board comes back. */
function quarantineError(board: string, health: BoardHealth): HilError {
  return new HilError(
    'lab.quarantined',
    `${board} is in quarantine ${describeQuarantine(health)}; once it is mended, "hil doctor ${board}" gives it back to all after a golden boot, "hil lab return ${board}" without one, and until then "hil lab hold 2h ${board}" keeps it for your own commands`,
    { blame: 'infrastructure', details: { board, health } },
  )
}
