import { z } from 'zod'
import { defineStorage } from '../../board/driver.ts'
import { diskAt } from './block-device.ts'
import { diskHere, diskOptions, diskStorage } from './disk-storage.ts'

export const usbMassStorage = defineStorage({
  name: 'usb-mass-storage',
  summary:
    'A disk that the board itself shows by USB: "ums 0 mmc 0" at U-Boot\'s prompt, "usbgadget -S /dev/mmc0" at barebox\'s.',
  schema: z.strictObject(diskOptions),
  resources: ({ usbPath }) => [`disk:${usbPath}`],
  open(disk) {
    const find = diskHere(disk)
    const sides: Parameters<typeof diskStorage>[1] = {
      needsPowerOff: false,
      async switchTo(side, t) {
        // What was written is on the medium already; the board takes it back by itself.
        if (side === 'host') await find(t)
      },
      side: async () => ((await diskAt(disk)) === undefined ? 'unknown' : 'host'),
    }
    return Promise.resolve(diskStorage(disk, sides, find))
  },
})
