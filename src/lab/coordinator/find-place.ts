import { didYouMean } from '../../core/did-you-mean.ts'
import { HilError } from '../../core/errors.ts'
import { listSome } from '../../core/list-some.ts'
import type { Coordinator } from './coordinator.ts'
import type { Place } from './place.ts'

const mostListed = 10

/**
 * The place that somebody means, as labgrid-client takes it: its name, a part of its name or of an alias where that
 * is enough to tell, or `+TOKEN` of a reservation. An alias `USER:NAME` is that of one person.
 * @throws HilError `place.unknown`, `place.ambiguous` (environment), `place.no-reservation` (infrastructure)
 */
export function findPlace(coordinator: Coordinator, written: string): Place {
  if (written.startsWith('+')) return placeReservedBy(coordinator, written.slice(1))
  const places = [...coordinator.places.values()]
  const exact =
    places.find(({ name }) => name === written) ?? byAlias(coordinator, (alias) => alias === written)[0]
  if (exact !== undefined) return exact
  const named = places.filter(({ name }) => name.includes(written))
  const found = [...new Set([...named, ...byAlias(coordinator, (alias) => alias.includes(written))])]
  const [first] = found
  if (first === undefined) throw unknownPlace(coordinator, written)
  if (found.length > 1) throw ambiguous(coordinator, written, found)
  return first
}

function byAlias({ places, identity }: Coordinator, isMeant: (alias: string) => boolean): readonly Place[] {
  const [, user] = identity.split('/')
  return [...places.values()].filter(({ aliases }) =>
    aliases.some((alias) => {
      const [owner, own] = alias.split(':', 2)
      return own === undefined ? isMeant(alias) : owner === user && isMeant(own)
    }),
  )
}

function placeReservedBy(coordinator: Coordinator, token: string): Place {
  const found = [...coordinator.places.values()].find(({ reservation }) => reservation === token)
  if (found !== undefined) return found
  throw new HilError(
    'place.no-reservation',
    `no place at ${coordinator.address} is kept for the reservation ${token}: it still waits, or has expired, as it does when nobody asks for it for 60 s; reserve anew`,
    { blame: 'infrastructure', details: { coordinator: coordinator.address, token } },
  )
}

function unknownPlace({ address, places }: Coordinator, written: string): HilError {
  const names = [...places.keys()].sort()
  const choice = names.length === 0 ? 'it has none' : `there are ${listSome(names, mostListed)}`
  return new HilError(
    'place.unknown',
    `the coordinator at ${address} has no place "${written}"; ${choice}${didYouMean(written, names)}`,
    { blame: 'environment', details: { coordinator: address, place: written } },
  )
}

function ambiguous({ address }: Coordinator, written: string, found: readonly Place[]): HilError {
  const names = found.map(({ name }) => name).sort()
  return new HilError(
    'place.ambiguous',
    `"${written}" is a part of several places at ${address}: ${listSome(names, mostListed)}; write one of them in full`,
    { blame: 'environment', details: { coordinator: address, places: names } },
  )
}
