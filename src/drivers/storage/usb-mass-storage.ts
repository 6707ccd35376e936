import { z } from 'zod'
import { defineStorage } from '../../board/driver.ts'
import { diskAt } from './block-device.ts'
import { diskOptions, diskStorage, untilDiskWithin } from './disk-storage.ts'

export const usbMassStorage = defineStorage({
  name: 'usb-mass-storage',
  summary:
    'A disk that the board itself shows by USB: "ums 0 mmc 0" at U-Boot\'s prompt, "usbgadget -S /dev/mmc0" at barebox\'s.',
  schema: z.strictObject(diskOptions),
  resources: ({ usbPath }) => [`disk:${usbPath}`],
  open(disk) {
    return Promise.resolve(
      diskStorage(disk, {
        needsPowerOff: false,
        async switchTo(side, t) {
          // What was written is on the medium already; the board takes it back by itself.
          if (side === 'host') await untilDiskWithin(disk, disk.appearWithin, t)
        },
        side: async () => ((await diskAt(disk)) === undefined ? 'unknown' : 'host'),
      }),
    )
  },
})
