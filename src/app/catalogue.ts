import type { Catalogue, Driver, DriverKind } from '../board/driver.ts'
import * as drivers from '../drivers/index.ts'
import { buttonPower } from '../drivers/power/button.ts'
import { sequencePower } from '../drivers/power/sequence.ts'
import { simulator } from '../simulator/simulator.ts'
import { simulatorQemu } from './simulator-qemu.ts'

/** In the order in which people are told of them. */
const kinds: readonly DriverKind[] = [
  'machine',
  'power',
  'console',
  'bootloader',
  'shell',
  'ssh',
  'storage',
  'recovery',
]

/** Every driver an environment can name. */
export const catalogue = makeCatalogue(Object.values(drivers))

/** @param alone those that stand by themselves; of their power switches others are made */
export function makeCatalogue(alone: readonly Driver[]): Catalogue {
  const powerSwitches = alone.filter((driver): driver is Driver<'power'> => driver.kind === 'power')
  const all = [...alone, simulator, simulatorQemu, buttonPower(powerSwitches), sequencePower(powerSwitches)]
  return all.sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind))
}
