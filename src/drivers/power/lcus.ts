import { z } from 'zod'
import { definePowerSwitch } from '../../board/driver.ts'
import { serialPort } from '../../board/option-types.ts'
import type { Deadline } from '../../core/deadline.ts'
import { portDevice } from '../port-device.ts'
import { timeoutOption } from './exchange.ts'
import { converse, type Conversation } from './serial/converse.ts'
import { switchOf } from './switch-of.ts'

/** LC Technology, "LC USB switch communication protocol": start, relay, operation, sum. */
const start = 0xa0
/** Asks for the state of all relays, of boards that tell: `CH1:ON`, `CH2:OFF`, a line each. */
const query = 0xff

export const lcusPower = definePowerSwitch({
  name: 'lcus',
  summary: 'A relay of the cheap USB boards with a CH340 (LCUS-1, -2, -4, -8 by LC Technology).',
  unverified: 'tested with a stand-in of our own for the board',
  schema: z.strictObject({
    port: serialPort('The serial port of the board; best by its place, for they have no serial number.').meta(
      {
        examples: ['/dev/serial/by-path/pci-0000:00:14.0-usb-0:3:1.0-port0'],
      },
    ),
    relay: z.int().min(1).max(8).default(1).describe('Number of the relay, from 1.'),
    readsBack: z
      .boolean()
      .default(false)
      .describe('Whether the board tells the state of its relays: newer ones of more than one relay do.'),
    timeout: timeoutOption,
  }),
  resources: ({ port, relay }) => [`outlet:${portDevice(port)}/${relay}`],
  open({ port, relay, readsBack, timeout }) {
    const name = `the LCUS at ${port}`
    const talk = <T>(t: Deadline, work: (conversation: Conversation) => Promise<T>) =>
      converse({ name, port, baud: 9600, timeoutMs: timeout }, t, work)
    const ask = async ({ write, read }: Conversation) => {
      await write(Uint8Array.of(query))
      // A board without this relay tells of those it has, and leaves us waiting.
      const line = new RegExp(`CH${relay}: ?(ON|OFF)`)
      const received = await read((all) => line.test(all.toString('latin1')))
      return line.exec(received.toString('latin1'))?.[1] === 'ON'
    }
    return Promise.resolve(
      switchOf(
        (on, t) => {
          const operation = on ? 1 : 0
          const sum = (start + relay + operation) & 0xff
          return talk(t, async (conversation) => {
            await conversation.write(Uint8Array.of(start, relay, operation, sum))
            // Once it tells something it has done what came before.
            if (readsBack) await ask(conversation)
          })
        },
        async (t) => (readsBack ? talk(t, ask) : undefined),
      ),
    )
  },
})
