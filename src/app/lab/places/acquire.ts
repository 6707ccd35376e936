import { HilError } from '../../../core/errors.ts'
import { acquirePlace, allowPlace, heldError, releasePlace } from '../../../lab/coordinator/acquire-place.ts'
import type { Coordinator } from '../../../lab/coordinator/coordinator.ts'
import { findPlace } from '../../../lab/coordinator/find-place.ts'
import { describeHolding, describeUser } from '../../../lab/coordinator/place-holder.ts'
import { unmatched, type Place } from '../../../lab/coordinator/place.ts'
import { print } from '../print.ts'
import { withCoordinator, type CoordinatorArguments } from './with-coordinator.ts'

/** `hil lab acquire`. @returns the exit code */
export function acquireCommand(
  options: CoordinatorArguments & { readonly place: string; readonly allowUnmatched: boolean },
): Promise<number> {
  return withCoordinator(options, async (coordinator, t) => {
    const place = findPlace(coordinator, options.place)
    if (place.holder === coordinator.identity) {
      throw new HilError(
        'place.yours',
        `${place.name} is yours already: "hil lab release -p ${place.name}" gives it back`,
        { blame: 'environment', details: { place: place.name } },
      )
    }
    if (place.holder !== undefined) throw heldError(coordinator, place)
    const [missing] = unmatched(place, coordinator.resources)
    if (missing !== undefined && !options.allowUnmatched) throw incompleteError(coordinator, place, missing)
    await acquirePlace(coordinator, place.name, t)
    print(`acquired place ${place.name}`)
  })
}

/** Its exporter is not running, as a rule: what was acquired now would come without it. */
function incompleteError({ address }: Coordinator, { name }: Place, pattern: string): HilError {
  return new HilError(
    'place.no-resource',
    `${name} is not complete: no exporter at ${address} has ${pattern}; start it, or take the place as it is with --allow-unmatched`,
    { blame: 'infrastructure', details: { coordinator: address, place: name, pattern } },
  )
}

/** `hil lab release`. @returns the exit code */
export function releaseCommand(
  options: CoordinatorArguments & { readonly place: string; readonly kick: boolean },
): Promise<number> {
  return withCoordinator(options, async (coordinator, t) => {
    const { name, holder } = findPlace(coordinator, options.place)
    if (holder === undefined) {
      throw new HilError('place.free', `nobody has ${name}: there is nothing to release`, {
        ...{ blame: 'environment', details: { place: name } },
      })
    }
    if (holder !== coordinator.identity && !options.kick) {
      throw new HilError(
        'lab.not-yours',
        `${name} is acquired by ${describeUser(holder)}, not by you, ${describeUser(coordinator.identity)}; ask them, or take it from them with --kick`,
        { blame: 'environment', details: { place: name, holder } },
      )
    }
    await releasePlace(coordinator, name, t, holder)
    print(
      `released place ${name}${holder === coordinator.identity ? '' : `, taken from ${describeUser(holder)}`}`,
    )
  })
}

/** `hil lab allow`. @returns the exit code */
export function allowCommand(
  options: CoordinatorArguments & { readonly place: string; readonly user: string },
): Promise<number> {
  return withCoordinator(options, async (coordinator, t) => {
    const place = findPlace(coordinator, options.place)
    const { name, holder } = place
    if (holder !== coordinator.identity) {
      throw new HilError(
        'lab.not-yours',
        `${describeHolding(place)}; who has it lets others use it: "hil lab acquire -p ${name}" first`,
        { blame: 'environment', details: { place: name, holder } },
      )
    }
    await allowPlace(coordinator, name, options.user, t)
    print(`allowed ${options.user} for place ${name}`)
  })
}
