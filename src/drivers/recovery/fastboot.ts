import { z } from 'zod'
import { defineRecovery } from '../../board/driver.ts'
import { path } from '../../board/option-types.ts'
import { usbPath } from '../storage/usb-path.ts'
import { localToolOptions } from '../tool/options.ts'
import { openTool } from '../tool/tool.ts'
import { untilAppears } from './until-appears.ts'

const step = z.union([
  z.strictObject({
    flash: z.string().min(1).describe('A partition, or what the bootloader calls a place to write to.'),
    file: path('What is written there.'),
  }),
  z.strictObject({ stage: path('A file that is sent to the memory of the board.') }),
  z.strictObject({ boot: path('An Android boot image that is sent and started.') }),
  z.strictObject({ oem: z.string().min(1).describe("A command of the bootloader's own: run:ums 0 mmc 0") }),
  z.strictObject({
    run: z.enum(['continue', 'reboot', 'reboot-bootloader']).describe('How it goes on.'),
  }),
])

type Step = z.output<typeof step>

export const fastbootRecovery = defineRecovery({
  name: 'fastboot',
  summary:
    'A board that speaks fastboot: its ROM, or a bootloader that was told to (U-Boot: fastboot usb 0).',
  unverified: 'fastboot 29.0.6 takes its arguments; nobody has tried it with a board yet',
  schema: z.strictObject({
    serial: z
      .string()
      .min(1)
      .optional()
      .describe('Serial number, as "fastboot devices" prints it.')
      .meta({ examples: ['0123456789'] }),
    usbPath: usbPath
      .optional()
      .describe('Where the board is plugged in.')
      .meta({ examples: ['1-4.2'] }),
    steps: z
      .array(step)
      .min(1)
      .describe('What is done, in this order.')
      .meta({ examples: [[{ flash: 'bootloader', file: 'u-boot.bin' }, { run: 'reboot' }]] }),
    ...localToolOptions('fastboot', '5 min'),
  }),
  resources: ({ serial, usbPath: place }) => [`usb:${place ?? serial ?? 'fastboot'}`],
  open({ serial, usbPath: place, steps, program, timeout }) {
    const fastboot = openTool({ program, timeout }, 'the package fastboot')
    const name = serial ?? (place === undefined ? undefined : `usb:${place}`)
    const which = name === undefined ? [] : ['-s', name]
    return Promise.resolve({
      appear: (t) =>
        untilAppears(
          `a board in fastboot${name === undefined ? '' : ` (${name})`}`,
          async (budget) => {
            const rows = (await fastboot.run(['devices', '-l'], budget))
              .split('\n')
              .filter((line) => line.trim() !== '')
            const isThere = rows.some((row) => name === undefined || row.split(/\s+/).includes(name))
            return { isThere, seen: rows.join('; ') }
          },
          t,
        ),
      async load(t) {
        for (const each of steps) await fastboot.run([...which, ...argumentsOf(each)], t)
      },
    })
  },
})

function argumentsOf(one: Step): readonly string[] {
  if ('flash' in one) return ['flash', one.flash, one.file]
  if ('stage' in one) return ['stage', one.stage]
  if ('boot' in one) return ['boot', one.boot]
  if ('oem' in one) return ['oem', one.oem]
  return [one.run]
}
