import { z } from 'zod'
import { defineStorage } from '../../board/driver.ts'
import type { StorageSide } from '../../board/storage.ts'
import type { Deadline } from '../../core/deadline.ts'
import { localToolOptions } from '../tool/options.ts'
import { openTool } from '../tool/tool.ts'
import { diskOptions, diskStorage } from './disk-storage.ts'
import { noSide, untilSide } from './until-side.ts'

export const sdwireStorage = defineStorage({
  name: 'sdwire',
  summary: 'A memory card in an SDWire or SD-Mux of Tizen, by sd-mux-ctrl.',
  unverified: 'tested with a stand-in for sd-mux-ctrl, which Debian does not have',
  schema: z.strictObject({
    serial: z
      .string()
      .min(1)
      .describe('Serial number of the device, as sd-mux-ctrl --list prints it.')
      .meta({ examples: ['sd-wire_11'] }),
    ...diskOptions,
    ...localToolOptions('sd-mux-ctrl'),
  }),
  resources: ({ serial, usbPath }) => [`sd-mux:${serial}`, `disk:${usbPath}`],
  open({ serial, program, timeout, ...disk }) {
    const control = openTool({ program, timeout }, 'sd-mux of Tizen (tools/testlab/sd-mux)')
    const place = `--device-serial=${serial}`
    return Promise.resolve(
      diskStorage(disk, {
        needsPowerOff: true,
        async switchTo(side, t) {
          await control.run([place, side === 'host' ? '--ts' : '--dut'], t)
          await untilSide(side, disk, () => currentSide(t), t)
        },
        side: currentSide,
      }),
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
