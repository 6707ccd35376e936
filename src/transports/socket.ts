import type { NetConnectOpts } from 'node:net'
import type { OpenTransport, Transport, TransportReader } from '../board/transport.ts'
import { GuardedTransport } from './guarded-transport.ts'
import { connectSocket, describeAddress } from './socket/connect.ts'
import { SocketWire } from './socket/socket-wire.ts'

export interface TcpOptions {
  readonly host: string
  readonly port: number
  readonly connectTimeoutMs: number
}

/** A raw TCP connection to a UART: ser2net in raw mode, a terminal server, an emulator. */
export function openTcp({ host, port, connectTimeoutMs }: TcpOptions): OpenTransport {
  const description = describeAddress('tcp', host, port)
  return (reader) => openSocket({ host, port }, description, connectTimeoutMs, reader)
}

export interface UnixOptions {
  readonly path: string
  readonly connectTimeoutMs: number
}

/** A Unix stream socket, e.g. of an emulator or of socat. */
export function openUnix({ path, connectTimeoutMs }: UnixOptions): OpenTransport {
  return (reader) => openSocket({ path }, path, connectTimeoutMs, reader)
}

async function openSocket(
  target: NetConnectOpts,
  description: string,
  connectTimeoutMs: number,
  reader: TransportReader,
): Promise<Transport> {
  const wire = new SocketWire(await connectSocket(target, description, connectTimeoutMs), description)
  const transport = new GuardedTransport(description, reader, wire)
  wire.listen({
    data: (bytes) => {
      transport.receive(bytes)
    },
    lost: (reason) => {
      transport.lose(reason)
    },
  })
  return transport
}
