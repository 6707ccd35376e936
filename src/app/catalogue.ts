import type { Catalogue } from '../board/driver.ts'
import { bareboxBootloader } from '../drivers/bootloader/barebox.ts'
import { ubootBootloader } from '../drivers/bootloader/uboot.ts'
import { qemuMachine } from '../drivers/machine/qemu.ts'
import { simulator } from '../simulator/simulator.ts'

/** Every driver an environment can name. A new driver is one file and one line here. */
export const catalogue: Catalogue = [qemuMachine, simulator, bareboxBootloader, ubootBootloader]
