import { z } from 'zod'
import { definePowerSwitch } from '../../board/driver.ts'
import { toolHost, toolOptions } from '../tool/options.ts'
import { openTool } from '../tool/tool.ts'
import { unexpectedAnswer } from './power-errors.ts'
import { switchOf } from './switch-of.ts'

export const ykushPower = definePowerSwitch({
  name: 'ykush',
  summary: 'A port of a YKUSH USB hub by Yepkit, by ykushcmd.',
  unverified: 'tested with a stand-in for a hub, in the words of ykushcmd as labgrid reads them',
  schema: z.strictObject({
    port: z.int().min(1).max(3).describe('Number of the downstream port.'),
    model: z.enum(['ykush', 'ykushxs', 'ykush3']).default('ykush').describe('Which of the hubs it is.'),
    serial: z
      .string()
      .regex(/^\w+$/)
      .optional()
      .describe('Serial number, as ykushcmd -l prints it; the only one if absent.')
      .meta({ examples: ['YK12345'] }),
    ...toolOptions('ykushcmd'),
  }),
  resources: ({ port, serial = '', ...options }) => [`outlet:${toolHost(options)}ykush/${serial}/${port}`],
  open({ port, model, serial, ...options }, context) {
    const ykushcmd = openTool(options, 'https://github.com/Yepkit/ykush', context)
    const device = [model, ...(serial === undefined ? [] : ['-s', serial])]
    return Promise.resolve(
      switchOf(
        (on, t) => ykushcmd.run([...device, on ? '-u' : '-d', String(port)], t),
        async (t) => {
          const said = await ykushcmd.run([...device, '-g', String(port)], t)
          const [, state] = new RegExp(`Downstream port ${port} is (ON|OFF)`).exec(said) ?? []
          if (state === undefined) throw unexpectedAnswer(ykushcmd.name, said)
          return state === 'ON'
        },
      ),
    )
  },
})
