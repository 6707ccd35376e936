import { z } from 'zod'
import { defineRecovery } from '../../board/driver.ts'
import { path } from '../../board/option-types.ts'
import type { Deadline } from '../../core/deadline.ts'
import { usbPath } from '../storage/usb-path.ts'
import { localToolOptions } from '../tool/options.ts'
import { openTool, toolFailed } from '../tool/tool.ts'
import { untilAppears } from './until-appears.ts'

export const dfuUtilRecovery = defineRecovery({
  name: 'dfu-util',
  summary:
    'A board that takes its bootloader by DFU, such as AM62x and STM32MP1, by dfu-util: one file after the other.',
  unverified: 'dfu-util 0.11 takes its arguments; nobody has tried it with a board yet',
  schema: z.strictObject({
    device: z
      .string()
      .regex(/^[0-9a-f]{4}:[0-9a-f]{4}$/i, { error: 'write VENDOR:PRODUCT as lsusb prints it: 0451:6165' })
      .optional()
      .describe('Vendor and product in DFU mode, as lsusb prints them.')
      .meta({ examples: ['0451:6165'] }),
    usbPath: usbPath
      .optional()
      .describe('Where the board is plugged in.')
      .meta({ examples: ['1-4.2'] }),
    serial: z.string().min(1).optional().describe('Serial number of the board in DFU mode.'),
    download: z
      .array(
        z.strictObject({
          alt: z
            .union([z.string().min(1), z.int().min(0)])
            .describe('The setting it is for, by name or number (dfu-util -l).'),
          file: path('What is loaded.'),
          reset: z
            .boolean()
            .default(false)
            .describe(
              'Whether the board is reset behind it (-R), which starts it; the next stage then appears anew.',
            ),
        }),
      )
      .min(1)
      .describe('What is loaded, in this order.')
      .meta({ examples: [[{ alt: 'bootloader', file: 'tiboot3.bin', reset: true }]] }),
    ...localToolOptions('dfu-util', '2 min'),
  }),
  resources: ({ usbPath: place, device, serial }) => [`usb:${place ?? serial ?? device ?? 'dfu'}`],
  open({ device, usbPath: place, serial, download, program, timeout }) {
    const tool = openTool({ program, timeout }, 'the package dfu-util')
    const which = [
      ...(device === undefined ? [] : ['-d', device]),
      ...(place === undefined ? [] : ['-p', place]),
      ...(serial === undefined ? [] : ['-S', serial]),
    ]
    const appear = (t: Deadline) =>
      untilAppears(
        `a board in DFU mode${place === undefined ? '' : ` at USB ${place}`}`,
        async (budget) => {
          const rows = (await tool.run(['-l', ...which], budget))
            .split('\n')
            .filter((line) => line.startsWith('Found DFU'))
          return { isThere: rows.length > 0, seen: rows.join('; ') }
        },
        t,
      )
    return Promise.resolve({
      appear,
      async load(t) {
        for (const { alt, file, reset } of download) {
          await appear(t)
          const args = [...which, '-a', String(alt), '-D', file, ...(reset ? ['-R'] : [])]
          const outcome = await tool.try(args, t)
          // A board that starts what it was given is gone before it has answered the last question.
          const isGone = reset && /^Download done\.|\bDone!/m.test(outcome.stdout)
          if (outcome.exitCode !== 0 && !isGone) throw toolFailed([tool.name, ...args].join(' '), outcome)
        }
      },
    })
  },
})
