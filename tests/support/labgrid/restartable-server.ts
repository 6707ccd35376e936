import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ServerProcess } from '../power/server-process.ts'

/** A server of a test's own, which can be ended and started anew. */
export interface RestartableServer extends AsyncDisposable {
  /** It ends without a word, with all it runs. */
  kill(): Promise<void>
  start(): Promise<void>
}

/** @param prepare is given a directory of the server's own; what it returns starts the server, each time */
export async function startRestartable(
  name: string,
  prepare: (directory: string) => Promise<() => Promise<ServerProcess>>,
): Promise<RestartableServer> {
  const directory = await mkdtemp(join(tmpdir(), `hil-${name}-`))
  const start = await prepare(directory)
  let server = await start()
  return {
    kill: async () => server[Symbol.asyncDispose](),
    async start() {
      server = await start()
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
