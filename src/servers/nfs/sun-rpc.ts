import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { randomInt } from 'node:crypto'
import type { Deadline } from '../../core/deadline.ts'

/** One procedure of a program (RFC 5531). */
export interface Procedure {
  readonly program: number
  readonly version: number
  readonly procedure: number
}

/**
 * Calls a procedure over UDP, once: what is asked is on a machine nearby.
 * @param argument in XDR
 * @returns the result in XDR; undefined where the server refuses the call
 */
export async function callRpc(
  { host, port }: { readonly host: string; readonly port: number },
  { program, version, procedure }: Procedure,
  argument: Buffer,
  t: Deadline,
): Promise<Buffer | undefined> {
  const id = randomInt(2 ** 32)
  const socket = createSocket('udp4')
  try {
    // Connected, so that an answer of "no such port" arrives as an error.
    socket.connect(port, host)
    await t.race(once(socket, 'connect'))
    const answered = once(socket, 'message') as Promise<[Buffer]>
    const none = words(0, 0)
    socket.send(Buffer.concat([words(id, 0, 2, program, version, procedure), credentials(), none, argument]))
    const [reply] = await t.race(answered)
    return resultOf(reply, id)
  } finally {
    socket.close()
  }
}

/** XDR's opaque and string: length, bytes, zeros up to a multiple of 4 (RFC 4506). */
export function xdrBytes(bytes: Uint8Array): Buffer {
  const padding = Buffer.alloc((4 - (bytes.length % 4)) % 4)
  return Buffer.concat([words(bytes.length), bytes, padding])
}

export function words(...values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4)
  values.forEach((value, index) => buffer.writeUInt32BE(value >>> 0, index * 4))
  return buffer
}

/** AUTH_SYS as root, as a bootloader has it. */
function credentials(): Buffer {
  const body = Buffer.concat([words(0), xdrBytes(Buffer.from('hil')), words(0, 0, 0)])
  return Buffer.concat([words(1), xdrBytes(body)])
}

/** Reply, accepted, verifier, success: then the result. */
function resultOf(reply: Buffer, id: number): Buffer | undefined {
  if (reply.length < 24 || reply.readUInt32BE(0) !== id || reply.readUInt32BE(4) !== 1) return undefined
  if (reply.readUInt32BE(8) !== 0) return undefined
  const afterVerifier = 20 + Math.ceil(reply.readUInt32BE(16) / 4) * 4
  if (reply.length < afterVerifier + 4 || reply.readUInt32BE(afterVerifier) !== 0) return undefined
  return reply.subarray(afterVerifier + 4)
}
