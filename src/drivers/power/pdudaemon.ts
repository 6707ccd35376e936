import { z } from 'zod'
import { definePowerSwitch } from '../../board/driver.ts'
import type { Deadline } from '../../core/deadline.ts'
import { timeoutOption } from './exchange.ts'
import { openHttpDevice } from './http/http-device.ts'
import { hostOf, httpOptions } from './http/options.ts'
import { noOutlet } from './power-errors.ts'

export const pdudaemonPower = definePowerSwitch({
  name: 'pdudaemon',
  summary: 'A port of any PDU that a pdudaemon knows. It tells no state, so nothing is read back.',
  schema: z.strictObject({
    ...httpOptions,
    url: httpOptions.url
      .describe('Where the HTTP listener of pdudaemon answers.')
      .meta({ examples: ['http://lab:16421'] }),
    pdu: z
      .string()
      .min(1)
      .describe('The PDU, as the configuration of pdudaemon names it.')
      .meta({ examples: ['pdu1'] }),
    port: z.union([z.int(), z.string().min(1)]).describe('The port of that PDU.'),
    // It waits for its turn with the PDU, then drives menus over telnet.
    timeout: timeoutOption.unwrap().prefault('60s'),
  }),
  resources: ({ url, pdu, port }) => [`outlet:${hostOf(url)}/${pdu}/${port}`],
  async open({ pdu, port, ...options }, context) {
    const daemon = await openHttpDevice('pdudaemon', options, context)
    const query = new URLSearchParams({ hostname: pdu, port: String(port) }).toString()
    const control = async (action: 'on' | 'off', t: Deadline) => {
      const request = { path: `/power/control/${action}?${query}`, alsoAnswers: [500] }
      const { status, text } = await daemon.request(request, t)
      // "Invalid request" is all it says of a PDU it does not know, and newer ones of a PDU that failed.
      if (status === 500) throw noOutlet(daemon.name, `${pdu}/${port}, or its PDU failed`, text.trim())
    }
    return {
      on: (t) => control('on', t),
      off: (t) => control('off', t),
      state: () => Promise.resolve('unknown'),
    }
  },
})
