import { z } from 'zod'
import { defineConsole } from '../../board/driver.ts'
import { serverOptions, serverResource } from './server-options.ts'

export const telnetConsole = defineConsole({
  name: 'telnet',
  summary: 'A UART behind telnet, whose server sets its port up itself: terminal servers, QEMU, ser2net.',
  schema: z.strictObject(serverOptions),
  resources: (options) => [serverResource(options)],
  async open({ host, port, connectTimeout }) {
    const { openTelnet } = await import('../../transports/telnet.ts')
    return openTelnet({ host, port, connectTimeoutMs: connectTimeout })
  },
})
