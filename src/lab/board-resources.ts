import { driverChoices } from '../environment/boards/driver-choices.ts'
import type { BoardSpec, DriverChoice } from '../environment/environment.ts'

/** Everything a board needs for itself alone, each once, in one order for all runs. */
export function resourcesOf(spec: BoardSpec): readonly string[] {
  const ofDrivers = driverChoices(spec).flatMap(resourcesOfDriver)
  return [...new Set([...ofDrivers, ...placeResource(spec), ...namedResources(spec)])].sort()
}

/**
 * What a board is known by, whatever environments call it: where its console ends is no other board. A switch may be
 * shared, and what is named under `resources` is.
 */
export function identityOf(spec: BoardSpec): readonly string[] {
  const { hardware } = spec
  if ('place' in hardware) return placeResource(spec)
  const own = 'machine' in hardware ? [hardware.machine] : [hardware.console, hardware.power]
  return [...own.map(resourcesOfDriver), namedResources(spec)].find(({ length }) => length > 0) ?? []
}

function resourcesOfDriver({ driver, options }: DriverChoice): readonly string[] {
  return driver.resources(options)
}

function namedResources({ resources }: BoardSpec): readonly string[] {
  return resources.map((name) => `named:${name}`)
}

/** A coordinator knows a person, but none of their runs: these keep from each other by this name. */
function placeResource({ hardware }: BoardSpec): readonly string[] {
  if (!('place' in hardware) || !('name' in hardware.place.wanted)) return []
  return [`place:${hardware.place.coordinator.address}/${hardware.place.wanted.name}`]
}
