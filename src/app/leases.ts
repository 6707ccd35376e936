import { leasesOfLab } from '../lab/coordinator/lease-places.ts'
import type { LeaseBoards, Queueing } from '../lab/lease/lease-boards.ts'
import { catalogue } from './catalogue.ts'

/** How boards are leased: from this host, and from the coordinators that have them. */
export function leasesOf(queueing: Queueing): LeaseBoards {
  return leasesOfLab(queueing, catalogue)
}
