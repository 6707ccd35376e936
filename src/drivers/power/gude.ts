import { z } from 'zod'
import { definePowerSwitch } from '../../board/driver.ts'
import type { Deadline } from '../../core/deadline.ts'
import { openHttpDevice } from './http/http-device.ts'
import { hostOf, httpOptions } from './http/options.ts'
import { noOutlet } from './power-errors.ts'
import { switchOf } from './switch-of.ts'

/** Gude, "EPC HTTP Interface": `components=1` asks for the outputs, in the order of their numbers. */
const gudeStatus = z.object({ outputs: z.array(z.object({ state: z.union([z.boolean(), z.int()]) })) })

export const gudePower = definePowerSwitch({
  name: 'gude',
  summary:
    'An Expert Power Control by Gude, of those that know status.json (2104, 8031, 8045, 87-1210, ...).',
  schema: z.strictObject({
    ...httpOptions,
    port: z.int().min(1).describe('Number of the power port; Gude counts from 1.'),
  }),
  resources: ({ url, port }) => [`outlet:${hostOf(url)}/${port}`],
  async open({ port, ...options }, context) {
    const gude = await openHttpDevice('the Gude', options, context)
    const ask = async (command: string, t: Deadline) => {
      const path = `/status.json?components=1${command}`
      const { outputs } = (await gude.request({ path }, t)).as(gudeStatus)
      const output = outputs[port - 1]
      if (output === undefined) throw noOutlet(gude.name, port, `it has ${outputs.length}`)
      return Boolean(output.state)
    }
    return switchOf(
      (on, t) => ask(`&cmd=1&p=${port}&s=${on ? 1 : 0}`, t),
      (t) => ask('', t),
    )
  },
})
