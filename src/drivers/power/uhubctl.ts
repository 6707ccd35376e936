import { z } from 'zod'
import { definePowerSwitch } from '../../board/driver.ts'
import { toolHost, toolOptions } from '../tool/options.ts'
import { openTool } from '../tool/tool.ts'
import { noOutlet, unexpectedAnswer } from './power-errors.ts'
import { switchOf } from './switch-of.ts'

export const uhubctlPower = definePowerSwitch({
  name: 'uhubctl',
  summary:
    'A port of a USB hub that can switch its ports, by uhubctl; also the USBPowerPort of a labgrid exporter, over SSH.',
  unverified: 'tested with a stand-in for a hub, in the words of uhubctl 2.5',
  schema: z.strictObject({
    location: z
      .string()
      .regex(/^\d+(-\d+(\.\d+)*)?$/, { error: 'write the location as uhubctl prints it: 1-1.4' })
      .describe('Where the hub is, as uhubctl prints it.')
      .meta({ examples: ['1-1'] }),
    port: z.int().min(1).max(31).describe('Number of the port.'),
    repeat: z
      .int()
      .min(1)
      .default(1)
      .describe('How often it is told to switch off; some hubs need several times.'),
    ...toolOptions('uhubctl'),
  }),
  resources: ({ location, port, ...options }) => [`outlet:${toolHost(options)}usb/${location}/${port}`],
  open({ location, port, repeat, ...options }, context) {
    const uhubctl = openTool(options, 'the package uhubctl', context)
    const place = ['-l', location, '-p', String(port)]
    const hub = `the hub ${location} of ${uhubctl.name}`
    return Promise.resolve(
      switchOf(
        async (on, t) => {
          const times = on || repeat === 1 ? [] : ['-r', String(repeat)]
          portIn(await uhubctl.run([...place, '-a', on ? 'on' : 'off', ...times], t))
        },
        async (t) => portIn(await uhubctl.run(place, t)),
      ),
    )

    /** `  Port 2: 0103 power enable connect [...]`, twice for a hub of USB 3, which is two hubs. */
    function portIn(stdout: string): boolean {
      const states = stdout.split('\n').filter((line) => line.startsWith(`  Port ${port}: `))
      if (states.length === 0) throw noOutlet(hub, port, stdout.trim())
      const words = states.flatMap((line) => line.split(/\s+/))
      if (!words.includes('power') && !words.includes('off')) throw unexpectedAnswer(hub, stdout)
      return words.includes('power')
    }
  },
})
