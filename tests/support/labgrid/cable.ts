import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import type { Deadline } from '../../../src/core/deadline.ts'

/** The way to a server, which can be cut: the server stays what it is, and nobody reaches it. */
export interface Cable extends AsyncDisposable {
  /** `127.0.0.1:PORT` */
  readonly address: string
  cut(): void
  mend(): void
  /** Resolves when nobody is connected by it any more. */
  untilUnused(t: Deadline): Promise<void>
}

/** @param target `HOST:PORT` */
export async function layCable(target: string): Promise<Cable> {
  const [host, port] = target.split(':')
  const sockets = new Set<Socket>()
  let isCut = false
  const end = () => {
    for (const socket of sockets) socket.destroy()
  }
  const server = createServer((client) => {
    if (isCut) return client.destroy()
    const upstream = connect({ host, port: Number(port) })
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
    }
    return client.pipe(upstream).pipe(client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      isCut = true
      end()
    },
    mend: () => (isCut = false),
    async untilUnused(t) {
      for (const socket of sockets) await t.race(new Promise((closed) => socket.once('close', closed)))
    },
    async [Symbol.asyncDispose]() {
      end()
      server.close()
      await once(server, 'close')
    },
  }
}
