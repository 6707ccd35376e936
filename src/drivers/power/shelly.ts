import { z } from 'zod'
import { definePowerSwitch } from '../../board/driver.ts'
import type { Deadline } from '../../core/deadline.ts'
import { openHttpDevice } from './http/http-device.ts'
import { hostOf, httpOptions } from './http/options.ts'
import { noOutlet, refused, unexpectedAnswer } from './power-errors.ts'
import { switchOf } from './switch-of.ts'

/** Shelly, "Gen2+ Device API", RPC Protocol and Switch: JSON-RPC frames at /rpc. */
const frame = z.union([
  z.object({ error: z.object({ code: z.int(), message: z.string().default('') }) }),
  z.object({ result: z.unknown() }),
])
const switchStatus = z.object({ output: z.boolean() })

/** Common error "not found", as of a switch that is not there. */
const notFound = -105

export const shellyPower = definePowerSwitch({
  name: 'shelly',
  summary: 'A relay or plug by Shelly of the second generation or later (Plus, Pro, Gen3, Gen4).',
  schema: z.strictObject({
    ...httpOptions,
    switch: z.int().min(0).default(0).describe('Number of the switch; Shelly counts from 0.'),
  }),
  resources: ({ url, switch: id }) => [`outlet:${hostOf(url)}/${id}`],
  async open({ switch: id, ...options }, context) {
    const shelly = await openHttpDevice('the Shelly', options, context)
    const call = async (method: string, parameters: object, t: Deadline) => {
      const json = { id: 1, src: 'hil', method, params: { id, ...parameters } }
      const request = { method: 'POST', path: '/rpc', json, alsoAnswers: [500] }
      const answer = (await shelly.request(request, t)).as(frame)
      if ('result' in answer) return answer.result
      const { code, message } = answer.error
      if (code === notFound) throw noOutlet(shelly.name, id, message)
      throw refused(shelly.name, method, `error ${code}, ${message}`)
    }
    return switchOf(
      (on, t) => call('Switch.Set', { on }, t),
      async (t) => {
        const answer = await call('Switch.GetStatus', {}, t)
        const { data: status } = switchStatus.safeParse(answer)
        if (status === undefined) throw unexpectedAnswer(shelly.name, answer)
        return status.output
      },
    )
  },
})
