import type { Catalogue } from '../board/driver.ts'
import { qemuMachine } from '../drivers/machine/qemu.ts'
import { simulator } from '../simulator/simulator.ts'

/** Every driver an environment can name. A new driver is one file and one line here. */
export const catalogue: Catalogue = [qemuMachine, simulator]
