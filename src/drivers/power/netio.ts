import { z } from 'zod'
import { definePowerSwitch } from '../../board/driver.ts'
import { openHttpDevice, type HttpAnswer } from './http/http-device.ts'
import { hostOf, httpOptions } from './http/options.ts'
import { noOutlet } from './power-errors.ts'
import { switchOf } from './switch-of.ts'

/** NETIO, "JSON API": one document, whose outputs are read by GET and switched by POST. */
const netioDocument = z.object({ Outputs: z.array(z.object({ ID: z.int(), State: z.int() })) })

export const netioPower = definePowerSwitch({
  name: 'netio',
  summary: 'A power socket or PDU by NETIO, over its JSON API, which has to be enabled on the device.',
  schema: z.strictObject({
    ...httpOptions,
    output: z.int().min(1).describe('Number of the output; NETIO counts from 1.'),
  }),
  resources: ({ url, output }) => [`outlet:${hostOf(url)}/${output}`],
  async open({ output, ...options }, context) {
    const netio = await openHttpDevice('the NETIO', options, context)
    const stateIn = (answer: HttpAnswer) => {
      const { Outputs: outputs } = answer.as(netioDocument)
      const found = outputs.find(({ ID: id }) => id === output)
      if (found === undefined)
        throw noOutlet(netio.name, output, `it has ${outputs.map(({ ID: id }) => id).join(', ')}`)
      return found.State === 1
    }
    return switchOf(
      async (on, t) => {
        const json = { Outputs: [{ ID: output, Action: on ? 1 : 0 }] }
        stateIn(await netio.request({ method: 'POST', path: '/netio.json', json }, t))
      },
      async (t) => stateIn(await netio.request({ path: '/netio.json' }, t)),
    )
  },
})
