import { z } from 'zod'

/** How a UART is set up, for every console whose port is set up by us. */
export const lineOptions = {
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
}
