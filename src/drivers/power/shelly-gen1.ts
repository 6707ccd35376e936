import { z } from 'zod'
import { definePowerSwitch } from '../../board/driver.ts'
import type { Deadline } from '../../core/deadline.ts'
import { openHttpDevice } from './http/http-device.ts'
import { hostOf, httpOptions } from './http/options.ts'
import { switchOf } from './switch-of.ts'

/** Shelly, "Gen1 Device API Reference": /relay/{index} answers with the state of the relay. */
const relayState = z.object({ ison: z.boolean() })

export const shellyGen1Power = definePowerSwitch({
  name: 'shelly-gen1',
  summary: 'A relay or plug by Shelly of the first generation (Shelly 1, Plug S, ...).',
  schema: z.strictObject({
    ...httpOptions,
    relay: z.int().min(0).default(0).describe('Number of the relay; Shelly counts from 0.'),
  }),
  resources: ({ url, relay }) => [`outlet:${hostOf(url)}/${relay}`],
  async open({ relay, ...options }, context) {
    const shelly = await openHttpDevice('the Shelly', options, context)
    const ask = async (query: string, t: Deadline) => {
      const answer = await shelly.request({ path: `/relay/${relay}${query}`, outlet: relay }, t)
      return answer.as(relayState).ison
    }
    return switchOf(
      (on, t) => ask(`?turn=${on ? 'on' : 'off'}`, t),
      (t) => ask('', t),
    )
  },
})
