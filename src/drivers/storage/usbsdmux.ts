import { z } from 'zod'
import { defineStorage } from '../../board/driver.ts'
import { path } from '../../board/option-types.ts'
import type { StorageSide } from '../../board/storage.ts'
import { realPath } from '../real-path.ts'
import { localToolOptions } from '../tool/options.ts'
import { openTool } from '../tool/tool.ts'
import { diskOptions, diskStorage } from './disk-storage.ts'
import { noSide, untilSide } from './until-side.ts'

const sides: Readonly<Record<string, StorageSide>> = {
  host: 'host',
  dut: 'board',
  client: 'board',
  off: 'off',
}

export const usbsdmuxStorage = defineStorage({
  name: 'usbsdmux',
  summary: 'A memory card in a USB-SD-Mux or USB-SD-Mux FAST of Linux Automation, by usbsdmux.',
  unverified: 'usbsdmux 0.2.1 takes its arguments; nobody has tried it with a mux yet',
  schema: z.strictObject({
    device: path('The mux: /dev/usb-sd-mux/id-NNNNN.NNNNN, or /dev/sgN.').meta({
      examples: ['/dev/usb-sd-mux/id-00048.00643'],
    }),
    ...diskOptions,
    ...localToolOptions('usbsdmux'),
  }),
  resources: ({ device, usbPath }) => [`sd-mux:${realPath(device)}`, `disk:${usbPath}`],
  open({ device, program, timeout, ...disk }) {
    const usbsdmux = openTool({ program, timeout }, 'the package usbsdmux')
    return Promise.resolve(
      diskStorage(disk, {
        needsPowerOff: true,
        async switchTo(side, t) {
          await usbsdmux.run([device, side === 'host' ? 'host' : 'dut'], t)
          await untilSide(side, disk, () => currentSide(t), t)
        },
        side: (t) => currentSide(t),
      }),
    )

    async function currentSide(t: Parameters<typeof usbsdmux.run>[1]): Promise<StorageSide> {
      const said = (await usbsdmux.run([device, 'get'], t)).trim()
      const side = sides[said]
      if (side !== undefined) return side
      throw noSide(`the USB-SD-Mux ${device}`, said)
    }
  },
})
