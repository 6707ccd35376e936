import { z } from 'zod'
import { defineConsole } from '../../board/driver.ts'
import { lineOptions } from './line-options.ts'
import { serverOptions, serverResource } from './server-options.ts'

export const rfc2217Console = defineConsole({
  name: 'rfc2217',
  summary: 'A serial port of another machine, set up over the network by RFC 2217, such as ser2net offers.',
  schema: z.strictObject({
    ...serverOptions,
    ...lineOptions,
    dtr: z
      .boolean()
      .optional()
      .describe('State of the DTR line after opening, where a board uses it; else as the server has it.'),
    rts: z.boolean().optional().describe('State of the RTS line after opening; else as the server has it.'),
    purge: z
      .boolean()
      .default(false)
      .describe('Whether the server forgets what it has received before the console was opened.'),
  }),
  resources: (options) => [serverResource(options)],
  async open({ baud, connectTimeout, ...settings }) {
    const { openRfc2217 } = await import('../../transports/rfc2217.ts')
    return openRfc2217({ ...settings, baudRate: baud, connectTimeoutMs: connectTimeout })
  },
})
