import { driverChoices } from '../environment/driver-choices.ts'
import type { BoardSpec, DriverChoice } from '../environment/environment.ts'

/** Everything a board needs for itself alone, each once, in one order for all runs. */
export function resourcesOf(spec: BoardSpec): readonly string[] {
  return [...new Set([...driverChoices(spec).flatMap(resourcesOfDriver), ...namedResources(spec)])].sort()
}

/**
 * What a board is known by, whatever environments call it: where its console ends is no other board. A switch may be
 * shared, and what is named under `resources` is.
 */
export function identityOf(spec: BoardSpec): readonly string[] {
  const { hardware } = spec
  const own = 'machine' in hardware ? [hardware.machine] : [hardware.console, hardware.power]
  return [...own.map(resourcesOfDriver), namedResources(spec)].find(({ length }) => length > 0) ?? []
}

function resourcesOfDriver({ driver, options }: DriverChoice): readonly string[] {
  return driver.resources(options)
}

function namedResources({ resources }: BoardSpec): readonly string[] {
  return resources.map((name) => `named:${name}`)
}
