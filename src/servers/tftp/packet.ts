import { HilError } from '../../core/errors.ts'

/** What goes over the wire: RFC 1350 section 5, options as in RFC 2347. */
export type TftpPacket =
  | TftpRequest
  | { readonly type: 'data'; readonly block: number; readonly payload: Uint8Array }
  | { readonly type: 'ack'; readonly block: number }
  | { readonly type: 'error'; readonly code: number; readonly message: string }
  | { readonly type: 'options-ack'; readonly options: TftpOptions }

export interface TftpRequest {
  readonly type: 'read' | 'write'
  readonly name: string
  /** In lower case: `octet`, `netascii`, `mail`. */
  readonly mode: string
  readonly options: TftpOptions
}

/** Values as sent; names in lower case, each once. */
export type TftpOptions = ReadonlyMap<string, string>

/** RFC 1350 and RFC 2347. */
export const errorCodes = {
  undefined: 0,
  fileNotFound: 1,
  accessViolation: 2,
  illegalOperation: 4,
  unknownTransfer: 5,
} as const

const opcodes = { read: 1, write: 2, data: 3, ack: 4, error: 5, 'options-ack': 6 } as const
const headerSize = 4
/** More than any client sends; whatever is longer is no request. */
const longestString = 512

/** @throws HilError `tftp.malformed` (infrastructure), with the offset in its details */
export function decodePacket(bytes: Uint8Array): TftpPacket {
  if (bytes.length < 2) throw malformed(`a packet of ${bytes.length} bytes has no opcode`, 0)
  const opcode = word(bytes, 0)
  switch (opcode) {
    case opcodes.read:
    case opcodes.write:
      return decodeRequest(opcode === opcodes.read ? 'read' : 'write', bytes)
    case opcodes.data:
      return { type: 'data', block: numberAt(bytes, 'DATA'), payload: bytes.subarray(headerSize) }
    case opcodes.ack:
      return { type: 'ack', block: numberAt(bytes, 'ACK') }
    case opcodes.error:
      return decodeError(bytes)
    case opcodes['options-ack']:
      return { type: 'options-ack', options: decodeOptions(stringsFrom(bytes, 2), bytes) }
    default:
      throw malformed(`there is no opcode ${opcode}`, 0)
  }
}

export function encodePacket(packet: TftpPacket): Buffer {
  switch (packet.type) {
    case 'read':
    case 'write':
      return encodeStrings(opcodes[packet.type], [packet.name, packet.mode, ...flat(packet.options)])
    case 'data': {
      const bytes = emptyData(packet.block, packet.payload.length)
      bytes.set(packet.payload, headerSize)
      return bytes
    }
    case 'ack':
      return header(opcodes.ack, packet.block, headerSize)
    case 'error': {
      const message = Buffer.from(`${packet.message}\0`, 'latin1')
      const bytes = header(opcodes.error, packet.code, headerSize + message.length)
      bytes.set(message, headerSize)
      return bytes
    }
    case 'options-ack':
      return encodeStrings(opcodes['options-ack'], flat(packet.options))
  }
}

/** A DATA packet whose payload, from byte 4 on, is still to be written. @param block is cut to 16 bits */
export function emptyData(block: number, length: number): Buffer {
  return header(opcodes.data, block, headerSize + length)
}

export const dataOffset = headerSize

function decodeRequest(type: TftpRequest['type'], bytes: Uint8Array): TftpRequest {
  const [name, mode, ...options] = stringsFrom(bytes, 2)
  if (name === undefined || name === '') throw malformed('a request without a file name', 2)
  if (mode === undefined) throw malformed('a request without a mode', bytes.length)
  return { type, name, mode: mode.toLowerCase(), options: decodeOptions(options, bytes) }
}

/** barebox sends an empty message, and some clients none at all, not even its zero byte. */
function decodeError(bytes: Uint8Array): TftpPacket {
  const code = numberAt(bytes, 'ERROR')
  const end = bytes.indexOf(0, headerSize)
  const text = bytes.subarray(headerSize, end === -1 ? undefined : end).subarray(0, longestString)
  return { type: 'error', code, message: Buffer.from(text).toString('latin1') }
}

/** Of an option that is given twice the first holds: RFC 2347 forbids the second. */
function decodeOptions(strings: readonly string[], bytes: Uint8Array): TftpOptions {
  if (strings.length % 2 === 1) throw malformed('the last option has no value', bytes.length)
  const options = new Map<string, string>()
  for (let index = 0; index < strings.length; index += 2) {
    const name = (strings[index] ?? '').toLowerCase()
    if (!options.has(name)) options.set(name, strings[index + 1] ?? '')
  }
  return options
}

function stringsFrom(bytes: Uint8Array, start: number): string[] {
  const strings: string[] = []
  for (let offset = start; offset < bytes.length;) {
    const end = bytes.indexOf(0, offset)
    if (end === -1) throw malformed('a string that does not end', offset)
    if (end - offset > longestString) throw malformed(`a string of ${end - offset} bytes`, offset)
    strings.push(Buffer.from(bytes.subarray(offset, end)).toString('latin1'))
    offset = end + 1
  }
  return strings
}

function encodeStrings(opcode: number, strings: readonly string[]): Buffer {
  const text = Buffer.from(strings.map((string) => `${string}\0`).join(''), 'latin1')
  return Buffer.concat([Buffer.from([0, opcode]), text])
}

function flat(options: TftpOptions): string[] {
  return [...options].flat()
}

function header(opcode: number, value: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size)
  bytes[0] = 0
  bytes[1] = opcode
  bytes[2] = (value >> 8) & 0xff
  bytes[3] = value & 0xff
  return bytes
}

function numberAt(bytes: Uint8Array, what: string): number {
  if (bytes.length < headerSize) throw malformed(`${what} in ${bytes.length} bytes`, bytes.length)
  return word(bytes, 2)
}

function word(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0)
}

function malformed(what: string, offset: number): HilError {
  return new HilError('tftp.malformed', `this is no TFTP packet: ${what} (at byte ${offset})`, {
    blame: 'infrastructure',
    details: { offset },
  })
}
