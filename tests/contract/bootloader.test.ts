import type { BootloaderDriver } from '../../src/board/bootloader.ts'
import type { Deadline } from '../../src/core/deadline.ts'
import { bareboxBootloader } from '../../src/drivers/bootloader/barebox.ts'
import { ubootBootloader } from '../../src/drivers/bootloader/uboot.ts'
import { qemuMachine } from '../../src/drivers/machine/qemu.ts'
import { simulator } from '../../src/simulator/simulator.ts'
import { bareboxImage } from '../../scripts/setup/places.mjs'
import { summariseContract } from '../support/contract-summary.ts'
import type { TestContext } from '../support/driver-context.ts'
import { describeBootloader } from './bootloader-contract.ts'

const ubootImage = '/usr/lib/u-boot/qemu_arm64/u-boot.bin'

/** An echo comes within milliseconds here: a lost character is found out soon. */
const impatient = { echoTimeout: '150ms' }

const barebox = (context: TestContext, t: Deadline): Promise<BootloaderDriver> =>
  bareboxBootloader.open(bareboxBootloader.schema.parse(impatient), context, t)

describe('The contract of bootloaders', function () {
  after(function () {
    summariseContract('Bootloaders', this.test?.parent ?? this.runnable().parent!)
  })

  describeBootloader({
    name: 'barebox on QEMU',
    needs: ['barebox'],
    kind: 'barebox',
    async open(context, t) {
      const options = qemuMachine.schema.parse({ firmware: bareboxImage() })
      return { machine: await qemuMachine.open(options, context, t), driver: await barebox(context, t) }
    },
    bootsNothing: 'nosuchsource',
  })

  describeBootloader({
    name: 'U-Boot on QEMU',
    needs: ['qemu'],
    kind: 'uboot',
    async open(context, t) {
      const options = qemuMachine.schema.parse({ firmware: ubootImage })
      const driver = await ubootBootloader.open(ubootBootloader.schema.parse(impatient), context, t)
      return { machine: await qemuMachine.open(options, context, t), driver }
    },
    bootsNothing: 'booti 0x40000000',
  })

  describeBootloader({
    name: 'the simulated barebox',
    needs: [],
    kind: 'barebox',
    async open(context, t) {
      const options = simulator.schema.parse({})
      return { machine: await simulator.open(options, context, t), driver: await barebox(context, t) }
    },
    bootsNothing: 'nosuchsource',
  })
})
