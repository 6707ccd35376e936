import { z } from 'zod'
import { defineConsole } from '../../board/driver.ts'
import { serverOptions, serverResource } from './server-options.ts'

export const tcpConsole = defineConsole({
  name: 'tcp',
  summary: 'A raw TCP connection to a UART, such as ser2net or a terminal server offers.',
  schema: z.strictObject(serverOptions),
  resources: (options) => [serverResource(options)],
  async open({ host, port, connectTimeout }) {
    const { openTcp } = await import('../../transports/socket.ts')
    return openTcp({ host, port, connectTimeoutMs: connectTimeout })
  },
})
