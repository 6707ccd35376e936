import { z } from 'zod'
import { defineConsole } from '../../board/driver.ts'
import { path } from '../../board/option-types.ts'
import { realPath } from '../real-path.ts'

export const serialConsole = defineConsole({
  name: 'serial',
  summary: 'A serial port of this host, such as a USB adapter.',
  schema: z.strictObject({
    port: path('The port; best one of /dev/serial/by-id, which stays the same over reboots.'),
    baud: z.int().min(1).max(20_000_000).default(115_200).describe('Speed in baud, any the port can do.'),
    dataBits: z.literal([5, 6, 7, 8]).default(8).describe('Data bits.'),
    parity: z.enum(['none', 'even', 'odd']).default('none').describe('Parity.'),
    stopBits: z.literal([1, 2]).default(1).describe('Stop bits.'),
    flowControl: z
      .enum(['none', 'rts-cts', 'xon-xoff'])
      .default('none')
      .describe('What holds the sender back.'),
    dtr: z
      .boolean()
      .optional()
      .describe('State of the DTR line after opening, where a board uses it, e.g. for reset; else on.'),
    rts: z.boolean().optional().describe('State of the RTS line after opening; else on.'),
  }),
  resources: ({ port }) => [`serial:${realPath(port)}`],
  async open({ port, baud, ...settings }) {
    const { openSerial } = await import('../../transports/serial.ts')
    return openSerial({ path: port, baudRate: baud, ...settings })
  },
})
