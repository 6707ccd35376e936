import { z } from 'zod'
import { defineConsole } from '../../board/driver.ts'

export const netconsoleConsole = defineConsole({
  name: 'netconsole',
  summary: 'What the kernel sends by netconsole, beside a console: it can only be read.',
  schema: z.strictObject({
    port: z
      .int()
      .min(1)
      .max(65_535)
      .default(6666)
      .describe('UDP port of this machine; each board needs one of its own.'),
    listen: z.string().min(1).default('0.0.0.0').describe('Address of this machine at which to listen.'),
    from: z
      .string()
      .min(1)
      .optional()
      .describe('Address of the board, where messages from others are to be left out.'),
  }),
  resources: ({ port }) => [`udp:${port}`],
  async open({ port, listen, from }) {
    const { openNetconsole } = await import('../../transports/netconsole.ts')
    return openNetconsole({ address: listen, port, from })
  },
})
