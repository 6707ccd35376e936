import type { Socket } from 'node:dgram'
import { once } from 'node:events'
import { encodePacket, errorCodes } from './packet.ts'
import { closeSocket, openUdpSocket, type Peer } from './udp-socket.ts'

/** A port of its own for one transfer: that is how the client tells transfers apart (RFC 1350 section 4). */
export interface TransferPort {
  /** Connected to the client: gets and sends nothing else, and learns when the client's port is closed. */
  readonly socket: Socket
  close(): Promise<void>
}

/**
 * Opens a port for a client. Beside the connected socket, which is a fifth cheaper than one that takes
 * packets from anybody, a second one at the same port tells strangers that they are wrong here; the kernel
 * gives each packet to the socket that fits best.
 *
 * @param host numeric address of the interface
 */
export async function openTransferPort(host: string, client: Peer): Promise<TransferPort> {
  const strangers = await openUdpSocket(host, 0, { shared: true })
  try {
    const socket = await openUdpSocket(host, strangers.address().port, { shared: true })
    refuse(strangers)
    await connect(socket, client)
    return {
      socket,
      close: async () => {
        await Promise.all([closeSocket(socket), closeSocket(strangers)])
      },
    }
  } catch (error) {
    await closeSocket(strangers)
    throw error
  }
}

async function connect(socket: Socket, { address, port }: Peer): Promise<void> {
  try {
    const connected = once(socket, 'connect')
    socket.connect(port, address)
    await connected
  } catch (error) {
    await closeSocket(socket)
    throw error
  }
}

function refuse(strangers: Socket): void {
  strangers.on('message', (_, { port, address }) => {
    strangers.send(strangerAnswer, port, address)
  })
  strangers.on('error', () => undefined)
}

const strangerAnswer = encodePacket({
  type: 'error',
  code: errorCodes.unknownTransfer,
  message: 'unknown transfer ID',
})
