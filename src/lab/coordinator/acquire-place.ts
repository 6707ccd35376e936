import { status } from '@grpc/grpc-js'
import type { Deadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'
import type { Coordinator } from './coordinator.ts'
import { describeHolding, describeUser } from './place-holder.ts'
import { pathOf, resourcesOfPlace, type Place } from './place.ts'

/**
 * Acquires a place for this person. Whoever has it already keeps it: look at its holder first.
 * @returns the place with the resources that came with it
 * @throws HilError `lock.held`, `place.reserved`, `place.resources` (infrastructure), `place.unknown` (environment)
 */
export async function acquirePlace(coordinator: Coordinator, name: string, t: Deadline): Promise<Place> {
  const request = { method: 'AcquirePlace', request: { placename: name }, what: `acquire ${name}` }
  const before = coordinator.places.get(name)
  try {
    await coordinator.ask(request, t, (error, code) => refusal(coordinator, name, error, code))
  } catch (error) {
    // The connection was lost after it was acquired, and before that was said.
    if (before?.holder !== undefined || coordinator.places.get(name)?.holder !== coordinator.identity)
      throw error
  }
  return await coordinator.until(() => coordinator.places.get(name), t)
}

/** Gives a place back, if it still is this person's, or `holder`'s. */
export async function releasePlace(
  coordinator: Coordinator,
  name: string,
  t: Deadline,
  holder = coordinator.identity,
): Promise<void> {
  const request = { placename: name, fromuser: holder }
  await coordinator.ask({ method: 'ReleasePlace', request, what: `release ${name}` }, t)
}

/** Lets somebody else use a place while it is this person's. @param user `HOST/USER` */
export async function allowPlace(
  coordinator: Coordinator,
  name: string,
  user: string,
  t: Deadline,
): Promise<void> {
  const request = { placename: name, user }
  await coordinator.ask({ method: 'AllowPlace', request, what: `let ${user} use ${name}` }, t)
}

/** Why a place can't be had, from what is known of it. */
function refusal(coordinator: Coordinator, name: string, cause: HilError, code: status): HilError {
  const place = coordinator.places.get(name)
  const details = { coordinator: coordinator.address, place: name, holder: place?.holder }
  if (place?.holder !== undefined && place.holder !== coordinator.identity)
    return heldError(coordinator, place)
  if (code === status.PERMISSION_DENIED) {
    return new HilError(
      'place.reserved',
      `${name} is kept for somebody whose reservation came first (${place?.reservation ?? 'its token is not known'}); wait for your turn with --wait 30m ("labgrid-client reservations" shows the queue)`,
      { blame: 'infrastructure', details, cause },
    )
  }
  const inTheWay = place === undefined ? [] : obstacles(coordinator, place)
  if (inTheWay.length === 0) return cause
  return new HilError('place.resources', `${name} can't be acquired, because ${inTheWay.join(' and ')}`, {
    blame: 'infrastructure',
    details,
    cause,
  })
}

/** @param waited how long its turn was waited for, as a part of a sentence */
export function heldError({ address, identity }: Coordinator, place: Place, waited = ''): HilError {
  const { name, holder = '' } = place
  return new HilError(
    'lock.held',
    `${describeHolding(place)}${waited}; ask for it (${describeUser(holder)} can share it: "labgrid-client -p ${name} allow ${identity}"), wait for your turn with --wait 30m, or take it from them: "hil lab release -x ${address} -p ${name} --kick"`,
    { blame: 'infrastructure', details: { coordinator: address, place: name, holder, since: place.changed } },
  )
}

function obstacles({ resources }: Coordinator, place: Place): readonly string[] {
  return resourcesOfPlace({ ...place, holder: undefined }, resources).flatMap(({ resource }) => {
    if (resource.acquired === '') return []
    if (resource.acquired === '<broken>') return [`its exporter says that ${pathOf(resource)} is broken`]
    return [`${pathOf(resource)} is in use for the place ${resource.acquired}`]
  })
}
