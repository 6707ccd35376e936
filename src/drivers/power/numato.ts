import { z } from 'zod'
import { definePowerSwitch } from '../../board/driver.ts'
import { serialPort } from '../../board/option-types.ts'
import type { Deadline } from '../../core/deadline.ts'
import { portDevice } from '../port-device.ts'
import { timeoutOption } from './exchange.ts'
import { refused, unexpectedAnswer } from './power-errors.ts'
import { converse } from './serial/converse.ts'
import { switchOf } from './switch-of.ts'

/** How a module of so many relays writes their numbers (Numato, "The Command Set" of each module). */
function relayName(relay: number, relays: number): string {
  if (relays > 32) return String(relay).padStart(2, '0')
  return relays === 32 ? relay.toString(32).toUpperCase() : relay.toString(16)
}

export const numatoPower = definePowerSwitch({
  name: 'numato',
  summary: 'A relay of a USB relay module by Numato Lab.',
  schema: z
    .strictObject({
      port: serialPort('The serial port of the module.').meta({
        examples: ['/dev/serial/by-id/usb-Numato_Systems_Numato_Lab_8_Channel_USB_Relay_Module-if00'],
      }),
      relay: z.int().min(0).describe('Number of the relay; Numato counts from 0.'),
      relays: z.literal([1, 2, 4, 8, 16, 32, 64]).default(8).describe('How many relays the module has.'),
      timeout: timeoutOption,
    })
    .refine(({ relay, relays }) => relay < relays, {
      path: ['relay'],
      error: 'the module has no such relay: they are counted from 0, and "relays" says how many there are',
    }),
  resources: ({ port, relay }) => [`outlet:${portDevice(port)}/${relay}`],
  open({ port, relay, relays, timeout }) {
    const name = `the Numato at ${port}`
    const command = (action: 'on' | 'off' | 'read', t: Deadline) =>
      converse({ name, port, baud: 19_200, timeoutMs: timeout }, t, async ({ write, read }) => {
        // Whatever was half typed before ends here, at a prompt.
        await write('\r')
        const { length } = await read((received) => received.includes('>'))
        await write(`relay ${action} ${relayName(relay, relays)}\r`)
        const received = await read((all) => all.subarray(length).includes('>'))
        // The echo, the answer if there is one, the prompt.
        const [, ...answer] = received
          .subarray(length)
          .toString('latin1')
          .split(/[\r\n]+/)
        return answer.join(' ').replace('>', '').trim()
      })
    return Promise.resolve(
      switchOf(
        async (on, t) => {
          const said = await command(on ? 'on' : 'off', t)
          if (said !== '') throw refused(name, `switch relay ${relay} ${on ? 'on' : 'off'}`, said)
        },
        async (t) => {
          const said = await command('read', t)
          if (said !== 'on' && said !== 'off') throw unexpectedAnswer(name, said)
          return said === 'on'
        },
      ),
    )
  },
})
