import { z } from 'zod'
import { definePowerSwitch } from '../../board/driver.ts'
import { toolHost, toolOptions } from '../tool/options.ts'
import { openTool } from '../tool/tool.ts'
import { unexpectedAnswer } from './power-errors.ts'
import { switchOf } from './switch-of.ts'

export const sispmctlPower = definePowerSwitch({
  name: 'sispmctl',
  summary: 'An outlet of a USB power strip by Gembird or EnerGenie (SIS-PM), by sispmctl.',
  unverified: 'tested with a stand-in for a power strip, in the words of sispmctl 3.1',
  schema: z.strictObject({
    outlet: z.int().min(1).max(8).describe('Number of the outlet, as printed on it.'),
    serial: z
      .string()
      .regex(/^[0-9a-f]{2}(:[0-9a-f]{2})+$/i, { error: 'write the serial number as sispmctl -s prints it' })
      .optional()
      .describe('Serial number of the strip, as sispmctl -s prints it; the only one if absent.')
      .meta({ examples: ['01:01:4f:09:6b'] }),
    ...toolOptions('sispmctl'),
  }),
  resources: ({ outlet, serial = '', ...options }) => [
    `outlet:${toolHost(options)}sispm/${serial.toLowerCase()}/${outlet}`,
  ],
  open({ outlet, serial, ...options }, context) {
    const sispmctl = openTool(options, 'the package sispmctl', context)
    const device = serial === undefined ? [] : ['-D', serial]
    const ask = (action: string, t: Parameters<typeof sispmctl.run>[1]) =>
      sispmctl.run([...device, '-q', '-n', action, String(outlet)], t)
    return Promise.resolve(
      switchOf(
        (on, t) => ask(on ? '-o' : '-f', t),
        async (t) => {
          const said = (await ask('-g', t)).trim()
          if (said !== '0' && said !== '1') throw unexpectedAnswer(sispmctl.name, said)
          return said === '1'
        },
      ),
    )
  },
})
