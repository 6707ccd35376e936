import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Client, TcpConnectionDetails } from 'ssh2'
import type { NetworkAddress, PortForward } from '../../board/ssh.ts'
import { startDeadline, type Deadline } from '../../core/deadline.ts'
import { HilError, messageOf } from '../../core/errors.ts'
import type { SshConnection } from './connection.ts'

/** Time for one connection through a forwarded port, in milliseconds. */
const connectMs = 10_000

const loopback = '127.0.0.1'

export interface ForwardOptions {
  /** Whether it listens on after the connection was lost, which whoever comes next makes anew. @default false */
  readonly outlivesLoss?: boolean
}

/** Listens on this machine, and has the other one connect whoever comes to what it reaches. */
export async function forwardTo(
  connection: SshConnection,
  target: NetworkAddress,
  t: Deadline,
  { outlivesLoss = false }: ForwardOptions = {},
): Promise<PortForward> {
  await connection.client(t)
  const pairs = new Pairs()
  const server = createServer((socket) => {
    void pairs.join(socket, async () => {
      using budget = startDeadline(connectMs, `reaching ${target.host} port ${target.port}`)
      const open = () => connection.openTcp(target.host, target.port, budget)
      try {
        return await open()
      } catch (error) {
        // An idle connection shows that it was lost when it is used.
        if (!outlivesLoss || connection.isOpen) throw error
        return await open()
      }
    })
  })
  server.listen(0, loopback)
  await once(server, 'listening')
  const close = async () => {
    pairs.end()
    lost?.[Symbol.dispose]()
    if (server.listening)
      await new Promise<void>((resolve) =>
        server.close(() => {
          resolve()
        }),
      )
  }
  // What ran over it has ended with it.
  const lost = outlivesLoss ? undefined : connection.onLost(() => void close())
  return { host: loopback, port: (server.address() as AddressInfo).port, close }
}

/**
 * Has the other machine listen on its loopback address, and connects whoever comes there to what we reach.
 * @param port 0: any that is free
 * @throws HilError `ssh.no-forward` (infrastructure) where the server does not allow it
 */
export async function forwardFrom(
  connection: SshConnection,
  port: number,
  target: NetworkAddress,
  t: Deadline,
): Promise<PortForward> {
  const client = await connection.client(t)
  const pairs = new Pairs()
  const bound = await listenThere(client, port, connection.name, t)
  const onConnection = ({ destPort }: TcpConnectionDetails, accept: () => Duplex, reject: () => void) => {
    if (destPort !== bound) return
    const socket = connect(target)
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      void pairs.join(socket, () => Promise.resolve(accept()))
    })
  }
  client.on('tcp connection', onConnection)
  return {
    host: loopback,
    port: bound,
    async close() {
      pairs.end()
      client.off('tcp connection', onConnection)
      if (!connection.isOpen) return
      const closed = new Promise<void>((resolve) =>
        client.unforwardIn(loopback, bound, () => {
          resolve()
        }),
      )
      // A connection that is about to end takes no more requests, and the port ends with it.
      await closed.catch(() => undefined)
    },
  }
}

async function listenThere(client: Client, port: number, name: string, t: Deadline): Promise<number> {
  const listening = new Promise<number>((resolve, reject) => {
    client.forwardIn(loopback, port, (error, bound) => {
      if (error === undefined) resolve(port === 0 ? bound : port)
      else reject(error)
    })
  })
  try {
    return await t.race(listening)
  } catch (cause) {
    t.throwIfOver()
    const which = port === 0 ? 'a port' : `port ${port}`
    throw new HilError('ssh.no-forward', `${name} does not listen on ${which} for us: ${messageOf(cause)}`, {
      blame: 'infrastructure',
      details: { target: name, port },
      cause,
    })
  }
}

/** Connections in pairs: what comes on one goes out on the other, and when one ends both do. */
class Pairs {
  readonly #open = new Set<Duplex>()

  async join(socket: Socket, openOther: () => Promise<Duplex>): Promise<void> {
    this.#keep(socket)
    try {
      const other = await openOther()
      this.#keep(other)
      // It may have ended meanwhile, which nobody will tell again.
      if (socket.destroyed) other.destroy()
      socket.pipe(other).pipe(socket)
      socket.once('close', () => other.destroy())
      other.once('close', () => socket.destroy())
    } catch {
      socket.destroy()
    }
  }

  end(): void {
    for (const each of this.#open) each.destroy()
  }

  #keep(stream: Duplex): void {
    this.#open.add(stream)
    stream.once('close', () => this.#open.delete(stream))
    stream.on('error', () => stream.destroy())
  }
}
