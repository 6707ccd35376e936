import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { isIPv6 } from 'node:net'

/** Where a packet came from, or goes to. */
export interface Peer {
  readonly address: string
  readonly port: number
}

/** Two sockets may have one port: those that ask for it so. */
interface BindOptions {
  readonly shared?: boolean
}

/**
 * A UDP socket that sends to numeric addresses only: looking each of them up, as Node does by default,
 * would cost a turn of the event loop for every packet.
 *
 * @param host numeric address of the interface
 * @param port 0 for any
 */
export async function openUdpSocket(
  host: string,
  port: number,
  { shared = false }: BindOptions = {},
): Promise<Socket> {
  // The system would pick a port that others share, too.
  if (shared && port === 0) return openUdpSocket(host, await freePort(host), { shared })
  const family = isIPv6(host) ? 6 : 4
  const socket = createSocket({
    type: `udp${family}`,
    reuseAddr: shared,
    lookup: (address, _, found) => {
      found(null, address, family)
    },
  })
  try {
    // With our lookup, binding is over before bind() returns.
    const listening = once(socket, 'listening')
    socket.bind({ address: host, port, exclusive: true })
    await listening
    return socket
  } catch (error) {
    socket.close()
    throw error
  }
}

/** A port that no socket has. */
async function freePort(host: string): Promise<number> {
  const socket = await openUdpSocket(host, 0)
  const { port } = socket.address()
  await closeSocket(socket)
  return port
}

export function closeSocket(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.close(resolve)
  })
}
