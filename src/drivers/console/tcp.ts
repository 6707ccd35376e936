import { z } from 'zod'
import { defineConsole } from '../../board/driver.ts'
import { duration } from '../../board/option-types.ts'

export const tcpConsole = defineConsole({
  name: 'tcp',
  summary: 'A raw TCP connection to a UART, such as ser2net or a terminal server offers.',
  schema: z.strictObject({
    host: z.string().min(1).describe('Name or address of the server.'),
    port: z.int().min(1).max(65_535).describe('TCP port of this console.'),
    connectTimeout: duration('How long the server may take to answer.').prefault('10s'),
  }),
  resources: ({ host, port }) => [`tcp:${host.toLowerCase()}:${port}`],
  async open({ host, port, connectTimeout }) {
    const { openTcp } = await import('../../transports/socket.ts')
    return openTcp({ host, port, connectTimeoutMs: connectTimeout })
  },
})
