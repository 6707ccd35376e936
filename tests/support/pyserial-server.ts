import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Deadline } from '../../src/core/deadline.ts'
import { RecordingReader } from './recording-reader.ts'

/** The requirement that python3-serial is installed. */
export const pyserial = '/usr/lib/python3/dist-packages/serial/rfc2217.py'

/** Debian's own, which sees Debian's packages, whatever comes first in PATH. */
export const python = '/usr/bin/python3'

export interface PyserialServer {
  readonly port: number
  /** Waits until the server was told something, which it says in these words. */
  told(words: RegExp, t: Deadline): Promise<void>
  stop(): Promise<void>
}

/** pyserial's RFC 2217 server: what is sent to its port comes back. */
export async function startPyserialServer(t: Deadline): Promise<PyserialServer> {
  const program = fileURLToPath(new URL('programs/pyserial-server.py', import.meta.url))
  const server = spawn(python, ['-u', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(server, 'exit')
  const output = new RecordingReader()
  server.stdout.on('data', (bytes: Buffer) => {
    output.data(bytes)
  })
  const [, port] = await output.waitFor(/^(\d+)\n/, t)
  return {
    port: Number(port),
    told: async (words) => void (await output.waitFor(words, t)),
    async stop() {
      server.kill('SIGKILL')
      await ended
    },
  }
}
