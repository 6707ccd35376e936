import type { Socket } from 'node:net'
import type { OpenTransport, Transport, TransportReader } from '../board/transport.ts'
import { HilError } from '../core/errors.ts'
import { GuardedTransport } from './guarded-transport.ts'
import { connectSocket, describeAddress } from './socket/connect.ts'
import { SocketWire } from './socket/socket-wire.ts'
import { whenPathAllows } from './wait-for-path.ts'

export interface TcpOptions {
  readonly host: string
  readonly port: number
  readonly connectTimeoutMs: number
}

/** A raw TCP connection to a UART: ser2net in raw mode, a terminal server, an emulator. */
export function openTcp({ host, port, connectTimeoutMs }: TcpOptions): OpenTransport {
  const description = describeAddress('tcp', host, port)
  return async (reader, opening) =>
    openSocket(
      await connectSocket({ host, port }, description, connectTimeoutMs, opening?.signal),
      description,
      reader,
    )
}

export interface UnixOptions {
  readonly path: string
  readonly connectTimeoutMs: number
}

/** A Unix stream socket, e.g. of an emulator or of socat. */
export function openUnix({ path, connectTimeoutMs }: UnixOptions): OpenTransport {
  return async (reader, opening) => {
    const connect = () => connectSocket({ path }, path, connectTimeoutMs, opening?.signal)
    const socket = opening?.wait
      ? await whenPathAllows(path, connect, isNotThere, opening.signal)
      : await connect()
    return openSocket(socket, path, reader)
  }
}

/** A socket that nobody listens at any more is removed before there is another one. */
function isNotThere(error: unknown): boolean {
  return error instanceof HilError && ['ENOENT', 'ECONNREFUSED'].includes(String(error.details['errno']))
}

function openSocket(socket: Socket, description: string, reader: TransportReader): Transport {
  const wire = new SocketWire(socket, description)
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
