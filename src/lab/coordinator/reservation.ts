import { status } from '@grpc/grpc-js'
import { isDeadlineExceeded, type Deadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'
import type { Coordinator } from './coordinator.ts'
import type { ReservationMessage } from './messages.ts'
import { toTime, type Place } from './place.ts'

/** A wish for any place with certain tags, and its turn among all others'. */
export interface Reservation {
  readonly token: string
  /** `HOST/USER` */
  readonly owner: string
  readonly state: 'waiting' | 'allocated' | 'acquired' | 'expired' | 'invalid'
  readonly priority: number
  readonly tags: Readonly<Record<string, string>>
  /** The place it has got. */
  readonly place: string | undefined
  /** ISO 8601, UTC. */
  readonly created: string
}

const states = ['waiting', 'allocated', 'acquired', 'expired', 'invalid'] as const

/** The coordinator drops a reservation that nobody asked for in 60 s. */
const refreshMs = 20_000

/** Gets into the line. @param tags also `name`, for one certain place */
export async function reserve(
  coordinator: Coordinator,
  tags: Readonly<Record<string, string>>,
  priority: number,
  t: Deadline,
): Promise<Reservation> {
  const request = { filters: { main: { filter: tags } }, prio: priority }
  return answered(
    await coordinator.ask({ method: 'CreateReservation', request, what: `reserve ${describeTags(tags)}` }, t),
  )
}

/** How it stands; that it is asked for keeps it alive. @throws HilError `place.no-reservation` (infrastructure) */
async function poll(coordinator: Coordinator, token: string, t: Deadline): Promise<Reservation> {
  const request = { method: 'PollReservation', request: { token }, what: `keep the reservation ${token}` }
  return answered(await coordinator.ask(request, t, (error, code) => gone(coordinator, token, error, code)))
}

/** Leaves the line, or gives up what was kept. */
export async function cancelReservation(coordinator: Coordinator, token: string, t: Deadline): Promise<void> {
  const request = { method: 'CancelReservation', request: { token }, what: `cancel the reservation ${token}` }
  await coordinator.ask(request, t, (error, code) => gone(coordinator, token, error, code))
}

export async function listReservations(
  coordinator: Coordinator,
  t: Deadline,
): Promise<readonly Reservation[]> {
  const request = { method: 'GetReservations', request: {}, what: 'list reservations' }
  const { reservations } = (await coordinator.ask(request, t)) as {
    readonly reservations: readonly ReservationMessage[]
  }
  return reservations.map(toReservation)
}

/**
 * Waits until a place is kept for a reservation, and keeps that alive meanwhile.
 * @throws HilError `place.no-reservation` (infrastructure) when it has expired or was cancelled
 */
export async function untilAllocated(coordinator: Coordinator, token: string, t: Deadline): Promise<Place> {
  const kept = () => [...coordinator.places.values()].find(({ reservation }) => reservation === token)
  // It may have been started anew, and knows then of no reservation.
  const isAnother = (session: number) => coordinator.session !== session
  for (;;) {
    const { session } = coordinator
    const { state } = await poll(coordinator, token, t)
    if (state === 'expired' || state === 'invalid') throw lost(coordinator, token, `it is ${state}`)
    using round = t.within(refreshMs, 'asking for the reservation again')
    try {
      const found = await coordinator.until(() => kept() ?? (isAnother(session) || undefined), round)
      if (found !== true) return found
    } catch (error) {
      t.throwIfOver()
      if (!isDeadlineExceeded(error)) throw error
    }
  }
}

export function describeTags(tags: Readonly<Record<string, string>>): string {
  return Object.entries(tags)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ')
}

function answered(answer: object): Reservation {
  const { reservation } = answer as { readonly reservation?: ReservationMessage }
  return toReservation(reservation ?? { filters: {}, allocations: {} })
}

function toReservation({
  token = '',
  owner = '',
  state = 0,
  prio = 0,
  ...rest
}: ReservationMessage): Reservation {
  return {
    ...{ token, owner, priority: prio, created: toTime(rest.created) },
    state: states[state] ?? 'invalid',
    tags: rest.filters['main']?.filter ?? {},
    place: rest.allocations['main'],
  }
}

function gone(coordinator: Coordinator, token: string, error: HilError, code: status): HilError {
  return code === status.FAILED_PRECONDITION ? lost(coordinator, token, 'it does not know it', error) : error
}

function lost({ address }: Coordinator, token: string, why: string, cause?: HilError): HilError {
  return new HilError(
    'place.no-reservation',
    `the coordinator at ${address} has no reservation ${token} any more (${why}): it was cancelled, has expired, or the coordinator was started anew; reserve anew`,
    { blame: 'infrastructure', details: { coordinator: address, token }, ...(cause && { cause }) },
  )
}
