import { z } from 'zod'
import { definePowerSwitch } from '../../board/driver.ts'
import { openHttpDevice } from './http/http-device.ts'
import { hostOf, httpOptions } from './http/options.ts'
import { switchOf } from './switch-of.ts'

/** Digital Loggers, "REST API": a path with "=" in it names a set, so that the answer is a list. */
const states = z.union([z.boolean(), z.tuple([z.boolean()]).transform(([state]) => state)])

export const digitalLoggersPower = definePowerSwitch({
  name: 'digital-loggers',
  summary:
    'A power switch by Digital Loggers (Web Power Switch Pro, Ethernet Power Controller 7), over its REST API.',
  schema: z.strictObject({
    ...httpOptions,
    outlet: z.int().min(1).describe('Number of the outlet, as printed on the device, from 1.'),
  }),
  resources: ({ url, outlet }) => [`outlet:${hostOf(url)}/${outlet}`],
  async open({ outlet, ...options }, context) {
    const device = await openHttpDevice('the Digital Loggers', options, context)
    // The API counts from 0.
    const path = `/restapi/relay/outlets/=${outlet - 1}/state/`
    const headers = { 'X-CSRF': 'x', Accept: 'application/json' }
    const form = { ...headers, 'Content-Type': 'application/x-www-form-urlencoded' }
    return switchOf(
      (on, t) => device.request({ method: 'PUT', path, outlet, headers: form, body: `value=${on}` }, t),
      async (t) => (await device.request({ path, outlet, headers }, t)).as(states),
    )
  },
})
