import { z } from 'zod'
import { defineStorage } from '../../board/driver.ts'
import { path } from '../../board/option-types.ts'
import type { StorageSide } from '../../board/storage.ts'
import { realPath } from '../real-path.ts'
import { toolHost, toolOptions } from '../tool/options.ts'
import { openTool, quoteWord } from '../tool/tool.ts'
import { diskOfMux, diskResource, diskStorage, muxDiskOptions, needsUsbPath } from './disk-storage.ts'
import type { RemotePlace } from './remote-disk.ts'
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
  schema: z
    .strictObject({
      device: path('The mux: /dev/usb-sd-mux/id-NNNNN.NNNNN, or /dev/sgN.').meta({
        examples: ['/dev/usb-sd-mux/id-00048.00643'],
      }),
      ...muxDiskOptions,
      ...toolOptions('usbsdmux'),
    })
    .superRefine(needsUsbPath)
    .meta({ examples: [{ device: '/dev/usb-sd-mux/id-00048.00643', 'usb-path': '1-4.2' }] }),
  resources: ({ device, usbPath, ssh }) => [
    `sd-mux:${toolHost({ ssh })}${ssh === undefined ? realPath(device) : device}`,
    ...diskResource({ usbPath, ssh }),
  ],
  open({ device, program, timeout, ...disk }, context) {
    const { ssh } = disk
    const usbsdmux = openTool({ program, ssh, timeout }, 'the package usbsdmux', context)
    const find = diskOfMux(disk, diskOf(device), context)
    return Promise.resolve(
      diskStorage(
        disk,
        {
          needsPowerOff: true,
          async switchTo(side, t) {
            await usbsdmux.run([device, side === 'host' ? 'host' : 'dut'], t)
            await untilSide(side, () => currentSide(t), find, t)
          },
          side: (t) => currentSide(t),
        },
        find,
      ),
    )

    async function currentSide(t: Parameters<typeof usbsdmux.run>[1]): Promise<StorageSide> {
      const said = (await usbsdmux.run([device, 'get'], t)).trim()
      const side = sides[said]
      if (side !== undefined) return side
      throw noSide(`the USB-SD-Mux ${device}`, said)
    }
  },
})

/** The mux is controlled by way of its disk: the kernel's two names of it are of one SCSI device. */
function diskOf(device: string): RemotePlace {
  return {
    find: `d=$(readlink -f ${quoteWord(device)}); ls /sys/class/scsi_generic/\${d##*/}/device/block 2>/dev/null`,
    name: `the disk of the mux ${device}`,
  }
}
