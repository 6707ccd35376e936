import { once } from 'node:events'
import { connect, type NetConnectOpts, type Socket } from 'node:net'
import { startDeadline } from '../../core/deadline.ts'
import { formatDuration } from '../../core/duration.ts'
import { HilError } from '../../core/errors.ts'
import { reasonOf } from '../../core/reason-of.ts'

/** A peer that vanished without a word is noticed after this time at the latest, times the kernel's probes. */
const keepAliveMs = 10_000

/**
 * A connected socket.
 * @param description for messages
 * @param signal ends the attempt, with its reason
 * @throws HilError `transport.not-connected` (infrastructure; environment for what does not exist)
 */
export async function connectSocket(
  target: NetConnectOpts,
  description: string,
  connectTimeoutMs: number,
  signal?: AbortSignal,
): Promise<Socket> {
  const socket = connect({ ...target, noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveMs })
  using limit = startDeadline(connectTimeoutMs, `connecting to ${description}`, signal && { signal })
  try {
    await once(socket, 'connect', { signal: limit.signal })
    return socket
  } catch (cause) {
    socket.destroy()
    signal?.throwIfAborted()
    throw notConnected(description, connectTimeoutMs, cause as NodeJS.ErrnoException)
  }
}

/** For messages: `tcp://ser2net:4001`, `rfc2217://[fe80::1]:4001`. */
export function describeAddress(scheme: string, host: string, port: number): string {
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`
}

function notConnected(description: string, connectTimeoutMs: number, cause: NodeJS.ErrnoException): HilError {
  const isMissing = cause.code === 'ENOTFOUND' || cause.code === 'ENOENT' || cause.code === 'EACCES'
  const why = reasons[cause.code ?? ''] ?? reasonOf(cause, description)
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
