import { bootloaderDrivers } from './bootloaders.ts'
import { driverClasses } from './classes.ts'
import { consoleDrivers } from './consoles.ts'
import { digitalOutputDrivers } from './digital-outputs.ts'
import { unknownClass, type Item } from './items.ts'
import { powerDrivers } from './power.ts'
import { isStrategy } from './strategies.ts'
import type { Target } from './target.ts'

/** Every class that has a place in a board of ours. */
const mapped: readonly string[] = [
  ...['QEMUDriver', 'ShellDriver', 'SSHDriver'],
  ...[...consoleDrivers, ...bootloaderDrivers, ...powerDrivers],
]

/** @returns the drivers of a target that hil has no counterpart for, which were reported */
export function refuseUnknown(target: Target): readonly Item[] {
  const refused = target.drivers.filter(
    (item) => !mapped.includes(item.className) && !isStrategy(item) && !isPower(target, item),
  )
  for (const item of refused) {
    const { className, place } = item
    target.context.problems.add(
      place,
      driverClasses.includes(className)
        ? `${className}: ${reasonAgainst(className)}`
        : unknownClass('driver', item, driverClasses),
    )
  }
  return refused
}

/** An output is of use where it switches the power of the board. */
function isPower(target: Target, { className, name }: Item): boolean {
  if (!digitalOutputDrivers.includes(className)) return false
  return target.driversOf(['DigitalOutputPowerDriver']).some(({ bindings }) => {
    const bound = bindings.get('output')
    return bound === undefined || bound === name
  })
}

function reasonAgainst(className: string): string {
  return digitalOutputDrivers.includes(className)
    ? 'hil knows an output only as the power of a board, which a DigitalOutputPowerDriver says'
    : 'hil has no driver for what this one does'
}
