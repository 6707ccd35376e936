import { z } from 'zod'
import { defineRecovery } from '../../board/driver.ts'
import { path } from '../../board/option-types.ts'
import { usbPath } from '../storage/usb-path.ts'
import { localToolOptions } from '../tool/options.ts'
import { openTool } from '../tool/tool.ts'
import { untilAppears } from './until-appears.ts'

export const uuuRecovery = defineRecovery({
  name: 'uuu',
  summary:
    "i.MX by uuu: a bootloader that the ROM takes by USB, one of uuu's own scripts, or a script of yours.",
  unverified: 'uuu 1.4.193 takes its arguments; nobody has tried it with a board yet',
  schema: z.strictObject({
    load: z
      .union([
        z.strictObject({ bootloader: path('The bootloader that the ROM loads and starts: flash.bin.') }),
        z.strictObject({ script: path('A script of uuu, or a directory or zip with uuu.auto.') }),
        z.strictObject({
          builtin: z
            .enum(['spl', 'emmc', 'emmc_all', 'sd', 'sd_all', 'nand', 'qspi'])
            .describe('A script that uuu has built in (uuu -b).'),
          files: z.array(path('What the script is given, in its order.')).min(1),
        }),
      ])
      .describe('What is loaded.')
      .meta({ examples: [{ bootloader: 'flash.bin' }] }),
    usbPath: usbPath
      .optional()
      .describe('Where the board is plugged in; needed where there are others in the same mode.')
      .meta({ examples: ['1-4.2'] }),
    ...localToolOptions('uuu', '2 min'),
  }),
  resources: ({ usbPath: place }) => (place === undefined ? ['uuu'] : [`usb:${place}`]),
  open({ load, usbPath: place, program, timeout }) {
    const uuu = openTool({ program, timeout }, 'the package uuu')
    const only = place === undefined ? undefined : pathOfUuu(place)
    const what =
      'bootloader' in load
        ? [load.bootloader]
        : 'script' in load
          ? [load.script]
          : ['-b', load.builtin, ...load.files]
    return Promise.resolve({
      appear: (t) =>
        untilAppears(
          place === undefined
            ? 'an i.MX in its recovery mode'
            : `an i.MX in its recovery mode at USB ${place}`,
          async (budget) => {
            const rows = (await uuu.run(['-lsusb'], budget))
              .split('\n')
              .filter((line) => /^\s*\d+:\d+\s/.test(line))
            const isThere = rows.some((row) => only === undefined || row.trim().split(/\s+/)[0] === only)
            return { isThere, seen: rows.join('; ') }
          },
          t,
        ),
      load: async (t) => {
        await uuu.run([...(only === undefined ? [] : ['-m', only]), ...what], t)
      },
    })
  },
})

/** `1-4.2` as uuu has it: `1:42`. */
function pathOfUuu(place: string): string {
  const [bus = '', ports = ''] = place.split('-')
  return `${bus}:${ports.replaceAll('.', '')}`
}
