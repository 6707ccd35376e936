import { z } from 'zod'
import { definePowerSwitch } from '../../board/driver.ts'

export const gpioPower = definePowerSwitch({
  name: 'gpio',
  summary:
    'A GPIO line of this machine, held by gpioset of libgpiod 1.5 or later, 2.x included, for as long as the run lasts.',
  unverified: 'tested with a stand-in for the chip, in the words of both generations of the tools',
  schema: z.strictObject({
    chip: z
      .string()
      .min(1)
      .describe('The chip, as gpiodetect prints it.')
      .meta({ examples: ['gpiochip0'] }),
    line: z.int().min(0).describe('The line: its offset in the chip.'),
    activeLow: z.boolean().default(false).describe('Whether on is the low level.'),
    drive: z
      .enum(['push-pull', 'open-drain', 'open-source'])
      .default('push-pull')
      .describe('How the line is driven.'),
  }),
  resources: ({ chip, line }) => [`outlet:gpio/${chip.replace(/^\/dev\//, '')}/${line}`],
  async open(options, context) {
    const { createGpioSwitch } = await import('./gpio/gpio-switch.ts')
    return createGpioSwitch(options, context)
  },
})
