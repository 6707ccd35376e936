import { z } from 'zod'
import { definePowerSwitch } from '../../board/driver.ts'
import type { Deadline } from '../../core/deadline.ts'
import { openHttpDevice } from './http/http-device.ts'
import { hostOf, httpOptions } from './http/options.ts'
import { loginRefused, noOutlet, refused } from './power-errors.ts'
import { switchOf } from './switch-of.ts'

/** `{"POWER2":"ON"}`; a device with one relay may leave out the number (Tasmota, "Commands"). */
const powerAnswer = z.record(z.string(), z.unknown())

export const tasmotaPower = definePowerSwitch({
  name: 'tasmota',
  summary: 'A plug or relay with the firmware Tasmota, over HTTP.',
  schema: z.strictObject({
    ...httpOptions,
    relay: z.int().min(1).default(1).describe('Number of the relay; Tasmota counts from 1.'),
  }),
  resources: ({ url, relay }) => [`outlet:${hostOf(url)}/${relay}`],
  async open({ relay, ...options }, context) {
    const tasmota = await openHttpDevice('the Tasmota', options, context)
    const { user = 'admin', password } = options
    // It takes its login from the query and nowhere else.
    const login = password === undefined ? {} : { user, password: await context.secret(password) }
    const command = async (argument: string, t: Deadline) => {
      const query = new URLSearchParams({ cmnd: `Power${relay}${argument}`, ...login }).toString()
      const answer = (await tasmota.request({ path: `/cm?${query}` }, t)).as(powerAnswer)
      const state = answer[`POWER${relay}`] ?? (relay === 1 ? answer['POWER'] : undefined)
      if (state === 'ON' || state === 'OFF') return state === 'ON'
      const said = JSON.stringify(answer)
      if (said.includes('Need user')) throw loginRefused(tasmota.name, said)
      if (state !== undefined || 'Command' in answer) throw refused(tasmota.name, `do Power${relay}`, said)
      throw noOutlet(tasmota.name, relay, said)
    }
    return switchOf(
      (on, t) => command(on ? ' On' : ' Off', t),
      (t) => command('', t),
    )
  },
})
