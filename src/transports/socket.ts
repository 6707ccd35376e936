import type { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { OpenTransport, Transport, TransportReader } from '../board/transport.ts'
import { HilError } from '../core/errors.ts'
import { GuardedTransport } from './guarded-transport.ts'
import { connectSocket, describeAddress } from './socket/connect.ts'
import { SocketWire } from './socket/socket-wire.ts'
import { whenPathAllows } from './wait-for-path.ts'

/** Between two tries of a socket that is bound, and at which nobody listens yet. */
const pauseMs = { first: 5, longest: 500 } as const

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
      ? await whenPathAllows(path, () => whenListening(connect, opening.signal), isMissing, opening.signal)
      : await connect()
    return openSocket(socket, path, reader)
  }
}

/** A socket is there as soon as it is bound, and nobody is told when its owner then listens: it is tried again. */
async function whenListening(connect: () => Promise<Socket>, signal: AbortSignal): Promise<Socket> {
  for (let pause: number = pauseMs.first; ; pause = Math.min(2 * pause, pauseMs.longest)) {
    try {
      return await connect()
    } catch (error) {
      if (!failedBy(error, 'ECONNREFUSED')) throw error
      await wait(pause, undefined, { signal }).catch(() => undefined)
      if (signal.aborted) throw error
    }
  }
}

function isMissing(error: unknown): boolean {
  return failedBy(error, 'ENOENT')
}

function failedBy(error: unknown, errno: string): boolean {
  return error instanceof HilError && error.details['errno'] === errno
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
