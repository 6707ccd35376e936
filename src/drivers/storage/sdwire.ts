import { z } from 'zod'
import { defineStorage } from '../../board/driver.ts'
import type { StorageSide } from '../../board/storage.ts'
import type { Deadline } from '../../core/deadline.ts'
import { toolOptions } from '../tool/options.ts'
import { openTool } from '../tool/tool.ts'
import { diskOfMux, diskResource, diskStorage, muxDiskOptions, needsUsbPath } from './disk-storage.ts'
import type { RemotePlace } from './remote-disk.ts'
import { noSide, untilSide } from './until-side.ts'
import { disksBelow, eachUsbDevice } from './usb-serial.ts'

export const sdwireStorage = defineStorage({
  name: 'sdwire',
  summary: 'A memory card in an SDWire or SD-Mux of Tizen, by sd-mux-ctrl.',
  unverified: 'tested with a stand-in for sd-mux-ctrl, which Debian does not have',
  schema: z
    .strictObject({
      serial: z
        .string()
        .min(1)
        .describe('Serial number of the device, as sd-mux-ctrl --list prints it.')
        .meta({ examples: ['sd-wire_11'] }),
      ...muxDiskOptions,
      ...toolOptions('sd-mux-ctrl'),
    })
    .superRefine(needsUsbPath)
    .meta({ examples: [{ serial: 'sd-wire_11', 'usb-path': '1-4.2' }] }),
  resources: ({ serial, usbPath, ssh }) => [`sd-mux:${serial}`, ...diskResource({ usbPath, ssh })],
  open({ serial, program, timeout, ...disk }, context) {
    const { ssh } = disk
    const control = openTool({ program, ssh, timeout }, 'sd-mux of Tizen (tools/testlab/sd-mux)', context)
    const find = diskOfMux(disk, diskOf(serial), context)
    const place = `--device-serial=${serial}`
    return Promise.resolve(
      diskStorage(
        disk,
        {
          needsPowerOff: true,
          async switchTo(side, t) {
            await control.run([place, side === 'host' ? '--ts' : '--dut'], t)
            await untilSide(side, () => currentSide(t), find, t)
          },
          side: currentSide,
        },
        find,
      ),
    )

    /** `SD connected to: TS`, the test server. */
    async function currentSide(t: Deadline): Promise<StorageSide> {
      const said = (await control.run([place, '--status'], t)).trim()
      if (/connected to:\s*TS\b/.test(said)) return 'host'
      if (/connected to:\s*DUT\b/.test(said)) return 'board'
      throw noSide(`the SDWire ${serial}`, said)
    }
  },
})

/** A hub is in it, with a card reader beside what has the serial number. */
function diskOf(serial: string): RemotePlace {
  return {
    find: eachUsbDevice(serial, disksBelow('${u%/*}')),
    name: `the disk of the SDWire ${serial}`,
  }
}
