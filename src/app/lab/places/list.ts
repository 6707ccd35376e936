import { formatDuration } from '../../../core/duration.ts'
import type { Coordinator } from '../../../lab/coordinator/coordinator.ts'
import { findPlace } from '../../../lab/coordinator/find-place.ts'
import { describeUser } from '../../../lab/coordinator/place-holder.ts'
import { pathOf, resourcesOfPlace, unmatched, type Place } from '../../../lab/coordinator/place.ts'
import { describeTags, listReservations, type Reservation } from '../../../lab/coordinator/reservation.ts'
import { print, printJson } from '../print.ts'
import { withCoordinator, type CoordinatorArguments } from './with-coordinator.ts'

/** `hil lab places`: one line a place, or all there is to know of each. @returns the exit code */
export function placesCommand(
  options: CoordinatorArguments & {
    readonly acquired: boolean
    readonly released: boolean
    readonly verbose: boolean
    readonly json: boolean
  },
): Promise<number> {
  return withCoordinator(options, async (coordinator, t) => {
    const owners = reservationOwners(await listReservations(coordinator, t))
    const places = [...coordinator.places.values()]
      .filter(({ holder }) => (holder === undefined ? !options.acquired : !options.released))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
    if (options.json) {
      printJson({ places: places.map((place) => withResources(place, coordinator)) })
      return
    }
    const width = Math.max(0, ...places.map((place) => called(place).length))
    for (const place of places) {
      const notes = [describeTags(place.tags), place.comment].filter((note) => note !== '').join('  ')
      print(`${called(place).padEnd(width)}  ${stateOf(place, owners)}${notes === '' ? '' : `  ${notes}`}`)
      if (options.verbose) printResources(place, coordinator, `${' '.repeat(width)}    `)
    }
  })
}

/** `hil lab show`: all there is to know of one place. @returns the exit code */
export function showCommand(
  options: CoordinatorArguments & { readonly place: string; readonly json: boolean },
): Promise<number> {
  return withCoordinator(options, async (coordinator, t) => {
    const place = findPlace(coordinator, options.place)
    if (options.json) {
      printJson({ place: withResources(place, coordinator) })
      return
    }
    const owners = reservationOwners(await listReservations(coordinator, t))
    print(called(place))
    const facts = {
      state: stateOf(place, owners),
      'shared with': place.allowed.map(describeUser).join(', '),
      tags: describeTags(place.tags),
      comment: place.comment,
    }
    for (const [name, text] of Object.entries(facts)) if (text !== '') print(`  ${name.padEnd(12)} ${text}`)
    print('  resources')
    printResources(place, coordinator, '    ')
    for (const pattern of unmatched(place, coordinator.resources)) print(`    none is ${pattern}`)
  })
}

function withResources(place: Place, coordinator: Coordinator): object {
  const resources = resourcesOfPlace(place, coordinator.resources)
  return { ...place, resources: resources.map(({ name, resource }) => ({ as: name, ...resource })) }
}

function printResources(place: Place, coordinator: Coordinator, indent: string): void {
  for (const { name, resource } of resourcesOfPlace(place, coordinator.resources)) {
    const absent = resource.isAvailable ? '' : ', not available'
    print(`${indent}${name} (${pathOf(resource)}${absent}) ${JSON.stringify(resource.params)}`)
  }
}

/** By token. */
function reservationOwners(reservations: readonly Reservation[]): ReadonlyMap<string, string> {
  return new Map(reservations.map(({ token, owner }) => [token, owner]))
}

/** `rock3a (left, r1)`, as labgrid-client writes it. */
function called({ name, aliases }: Place): string {
  return aliases.length === 0 ? name : `${name} (${aliases.join(', ')})`
}

function stateOf({ holder, changed, reservation }: Place, owners: ReadonlyMap<string, string>): string {
  if (holder !== undefined) {
    const ms = Math.max(1000, Math.floor((Date.now() - Date.parse(changed)) / 1000) * 1000)
    return `acquired by ${describeUser(holder)} for ${formatDuration(ms)}`
  }
  if (reservation === undefined) return 'free'
  const owner = owners.get(reservation)
  return `kept for ${owner === undefined ? reservation : `${describeUser(owner)} (+${reservation})`}`
}
