import { z } from 'zod'
import { defineConsole } from '../../board/driver.ts'
import { duration, path } from '../../board/option-types.ts'
import { realPath } from '../real-path.ts'

export const unixConsole = defineConsole({
  name: 'unix',
  summary: 'A Unix socket, such as an emulator or socat offers.',
  schema: z.strictObject({
    path: path('The socket.').meta({ examples: ['/run/vm/uart'] }),
    connectTimeout: duration('How long the server may take to answer.').prefault('10s'),
  }),
  resources: ({ path }) => [`unix:${realPath(path)}`],
  async open({ path, connectTimeout }) {
    const { openUnix } = await import('../../transports/socket.ts')
    return openUnix({ path, connectTimeoutMs: connectTimeout })
  },
})
