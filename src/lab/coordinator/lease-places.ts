import type { Catalogue } from '../../board/driver.ts'
import type { BoardSpec, PlaceChoice } from '../../environment/environment.ts'
import { releaseAll } from '../lease/board-lease.ts'
import { leasesOfThisHost, type LeaseBoards, type Queueing } from '../lease/lease-boards.ts'

/**
 * Leases from this host, and for boards at a coordinator also their places. Whoever needs several places takes them in
 * the order of their names, so that no two wait for each other.
 * @param catalogue the drivers that the resources of places are opened with
 * @throws HilError as `takeLeases` and `leasePlace`
 */
export function leasesOfLab(queueing: Queueing, catalogue: Catalogue): LeaseBoards {
  const ofThisHost = leasesOfThisHost(queueing)
  return async (specs, context, t) => {
    const leases = [...(await ofThisHost(specs, context, t))]
    const places = specs
      .flatMap((spec, index) => placeOf(spec, index))
      .sort((a, b) => (a.order < b.order ? -1 : 1))
    if (places.length === 0) return leases
    try {
      // Only who has boards at a coordinator pays for gRPC.
      const { leasePlace } = await import('./lease-place.ts')
      for (const { index, choice } of places) {
        const host = leases[index]
        if (host === undefined) continue
        leases[index] = await leasePlace(choice, host, { ...queueing, catalogue, emit: context.emit }, t)
      }
      return leases
    } catch (error) {
      // What could not be taken is what is told.
      await releaseAll(leases).catch(() => undefined)
      throw error
    }
  }
}

function placeOf({ hardware }: BoardSpec, index: number) {
  if (!('place' in hardware)) return []
  return [{ index, choice: hardware.place, order: orderOf(hardware.place) }]
}

function orderOf({ coordinator, wanted }: PlaceChoice): string {
  return `${coordinator.address} ${'name' in wanted ? wanted.name : JSON.stringify(wanted.tags)}`
}
