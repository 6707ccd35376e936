import type { Deadline } from '../../core/deadline.ts'
import type { EmitEvent } from '../../core/events.ts'
import { formatDuration } from '../../core/duration.ts'
import type { BoardSpec } from '../../environment/environment.ts'
import { identityOf, resourcesOf } from '../board-resources.ts'
import type { BoardLease, LeaseRequest } from './board-lease.ts'
import { takeLeases, type LeaseOptions } from './take-leases.ts'

/** How whoever needs boards gets into the line for them. */
export type Queueing = Pick<LeaseOptions, 'priority' | 'waitMs' | 'admitsQuarantined'>

/** For whoever minds no line: what is in use is an error. */
export const withoutWaiting: Queueing = { priority: 0, waitMs: 0 }

/** Makes boards this process's own, all or none: a lease for each, in their order. */
export type LeaseBoards = (
  specs: readonly BoardSpec[],
  context: { readonly what: string; readonly emit: EmitEvent },
  t: Deadline,
) => Promise<readonly BoardLease[]>

/** Leases from this host. @throws HilError as `takeLeases` */
export function leasesOfThisHost(queueing: Queueing): LeaseBoards {
  return (specs, { what, emit }, t) =>
    takeLeases(
      specs.map(leaseRequest),
      {
        ...queueing,
        what,
        onWait: (sentence) => {
          const message = `${sentence}; waiting up to ${formatDuration(queueing.waitMs)}`
          emit({ type: 'note', level: 'warning', message })
        },
      },
      t,
    )
}

export function leaseRequest(spec: BoardSpec): LeaseRequest {
  return {
    board: spec.name,
    resources: resourcesOf(spec),
    knownBy: identityOf(spec),
    quarantineAfter: spec.quarantineAfter,
  }
}
