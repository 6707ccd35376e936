import { once } from 'node:events'
import { connect, type NetConnectOpts } from 'node:net'
import type { OpenTransport, Transport, TransportReader } from '../board/transport.ts'
import { formatDuration } from '../core/duration.ts'
import { HilError } from '../core/errors.ts'
import { GuardedTransport } from './guarded-transport.ts'

export interface TcpOptions {
  readonly host: string
  readonly port: number
  readonly connectTimeoutMs: number
}

/** A raw TCP connection to a UART: ser2net in raw mode, a terminal server, an emulator. */
export function openTcp({ host, port, connectTimeoutMs }: TcpOptions): OpenTransport {
  const description = `tcp://${host.includes(':') ? `[${host}]` : host}:${port}`
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

/** A peer that vanished without a word is noticed after this time at the latest, times the kernel's probes. */
const keepAliveMs = 10_000

async function openSocket(
  target: NetConnectOpts,
  description: string,
  connectTimeoutMs: number,
  reader: TransportReader,
): Promise<Transport> {
  const socket = connect({ ...target, noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveMs })
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(connectTimeoutMs) })
  } catch (cause) {
    socket.destroy()
    throw notConnected(description, connectTimeoutMs, cause as NodeJS.ErrnoException)
  }

  const transport = new GuardedTransport(description, reader, {
    write: (bytes) =>
      new Promise((resolve, reject) => {
        socket.write(bytes, (error) => (error ? reject(error) : resolve()))
      }),
    async release() {
      if (socket.closed) return
      socket.destroy()
      await once(socket, 'close')
    },
  })
  let failure: Error | undefined
  socket.on('data', (bytes) => {
    transport.receive(bytes)
  })
  socket.on('error', (error) => (failure = error))
  socket.on('close', () => {
    transport.lose(hungUp(description, failure))
  })
  return transport
}

function notConnected(description: string, connectTimeoutMs: number, cause: NodeJS.ErrnoException): HilError {
  const isMissing = cause.code === 'ENOTFOUND' || cause.code === 'ENOENT' || cause.code === 'EACCES'
  const why = reasons[cause.code ?? ''] ?? cause.message
  const sentence =
    cause.name === 'AbortError' ? `nobody answered within ${formatDuration(connectTimeoutMs)}` : why
  return new HilError('transport.not-connected', `can't connect to ${description}: ${sentence}`, {
    blame: isMissing ? 'environment' : 'infrastructure',
    details: { transport: description, ...(cause.code === undefined ? {} : { errno: cause.code }) },
    cause,
  })
}

/** errno(3) in the words of somebody who looks for a console. */
const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there; is the server for the console running?',
  ENOENT: 'there is no such socket',
  ENOTFOUND: 'the host name is not known',
  EACCES: 'this user may not open it',
  EHOSTUNREACH: 'there is no route to the host',
}

function hungUp(description: string, cause: Error | undefined): HilError {
  const why = cause === undefined ? 'the other end closed it' : cause.message
  return new HilError('transport.hung-up', `the connection to ${description} is gone: ${why}`, {
    blame: 'infrastructure',
    details: { transport: description },
    cause,
  })
}
