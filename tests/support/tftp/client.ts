import { once } from 'node:events'
import type { Socket } from 'node:dgram'
import type { Deadline } from '../../../src/core/deadline.ts'
import { decodePacket, encodePacket, type TftpPacket } from '../../../src/servers/tftp/packet.ts'
import { openUdpSocket } from '../../../src/servers/tftp/udp-socket.ts'
import { Receiver } from './receiver.ts'

export interface FetchRequest {
  /** Of a server on this machine's loopback. */
  readonly port: number
  readonly name: string
  readonly mode?: string
  readonly type?: 'read' | 'write'
  readonly options?: Readonly<Record<string, string | number>>
  /** Before asking again, in milliseconds. @default 200 */
  readonly retryMs?: number
}

export interface Fetched {
  readonly content: Buffer
  /** What the server agreed to; empty where it sent no OACK. */
  readonly options: Readonly<Record<string, string>>
  readonly packets: number
}

/** What the server said instead. */
export class ServerError extends Error {
  readonly code: number

  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

/** A TFTP client for tests: whole files by RFC 1350, 2347, 2348, 2349 and 7440. @throws ServerError */
export async function fetchFile(request: FetchRequest, t: Deadline): Promise<Fetched> {
  using client = await openClient(request.port)
  const { retryMs = 200 } = request
  let retry: (() => void) | undefined
  const timer = setInterval(() => retry?.(), retryMs)
  const send = (packet: TftpPacket) => {
    retry = () => client.send(packet)
    retry()
    timer.refresh()
  }
  let options: Readonly<Record<string, string>> = {}
  let receiver = new Receiver(512, 1)
  let packets = 0
  try {
    send(requestPacket(request))
    while (!receiver.isComplete) {
      const packet = await client.receive(t)
      packets += 1
      if (packet.type === 'error') throw new ServerError(packet.code, packet.message)
      if (packet.type === 'options-ack') {
        options = Object.fromEntries(packet.options)
        // Its echo may come again when data has long begun.
        if (receiver.received > 0) continue
        receiver = new Receiver(Number(options['blksize'] ?? 512), Number(options['windowsize'] ?? 1))
        send({ type: 'ack', block: 0 })
      } else if (packet.type === 'data' && receiver.data(packet.block, packet.payload)) {
        send({ type: 'ack', block: receiver.received })
      }
    }
    return { content: receiver.content, options, packets }
  } finally {
    clearInterval(timer)
  }
}

export function requestPacket({
  type = 'read',
  name,
  mode = 'octet',
  options = {},
}: FetchRequest): TftpPacket {
  const pairs = Object.entries(options).map(([key, value]) => [key, String(value)] as const)
  return { type, name, mode, options: new Map(pairs) }
}

/** A client packet by packet. Follows the port of the first answer, as all do. */
export interface RawClient extends Disposable {
  readonly socket: Socket
  /** Where the server answers from; its listening port until it has answered. */
  serverPort: number
  send(packet: TftpPacket): void
  /** The next packet that arrives. */
  receive(t: Deadline): Promise<TftpPacket>
}

export async function openClient(port: number): Promise<RawClient> {
  const socket = await openUdpSocket('127.0.0.1', 0)
  const arrived: TftpPacket[] = []
  let wake: () => void = () => undefined
  const client: RawClient = {
    socket,
    serverPort: port,
    send: (packet) => {
      socket.send(encodePacket(packet), client.serverPort, '127.0.0.1')
    },
    receive: async (t) => {
      while (arrived.length === 0) {
        await t.race(
          new Promise<void>((resolve) => {
            wake = resolve
          }),
        )
      }
      return arrived.shift() as TftpPacket
    },
    [Symbol.dispose]: () => {
      socket.close()
    },
  }
  socket.on('message', (bytes, from) => {
    client.serverPort = from.port
    arrived.push(decodePacket(bytes))
    wake()
  })
  return client
}

/** Sends bytes that no client would send, and waits until they are gone. */
export async function sendRaw(port: number, bytes: Uint8Array): Promise<void> {
  const socket = await openUdpSocket('127.0.0.1', 0)
  await new Promise((sent) => socket.send(bytes, port, '127.0.0.1', sent))
  socket.close()
  await once(socket, 'close')
}
