import { payloadError } from '../payload-error.ts'
import type { CpioHeader } from './entry.ts'

/**
 * The newc header: six characters of magic, then thirteen fields of eight hexadecimal digits
 * (cpio(5); the kernel's Documentation/driver-api/early-userspace/buffer-format.rst).
 */
export const headerSize = 110
/** Longest name and longest link target the kernel takes, the NUL included. */
export const pathMax = 4096
export const trailerName = 'TRAILER!!!'

const magicNewc = '070701'
const magicCrc = '070702'
const fieldCount = 13
const fieldMax = 0xffffffff

export interface RawHeader extends CpioHeader {
  /** Length of the name, its NUL included. */
  readonly nameSize: number
}

export function encodeHeader(header: RawHeader): Buffer {
  const { device, deviceNode } = header
  const fields = [
    header.ino,
    header.mode,
    header.uid,
    header.gid,
    header.nlink,
    header.mtime,
    header.size,
    device.major,
    device.minor,
    deviceNode.major,
    deviceNode.minor,
    header.nameSize,
    header.checksum ?? 0,
  ]
  const magic = header.checksum === undefined ? magicNewc : magicCrc
  return Buffer.from(magic + fields.map(toField).join(''), 'latin1')
}

function toField(value: number): string {
  if (!Number.isInteger(value) || value < 0 || value > fieldMax) {
    throw payloadError('cpio.field-range', `a cpio header can't hold ${value}: its fields have 32 bits`, {
      value,
    })
  }
  return value.toString(16).toUpperCase().padStart(8, '0')
}

/** Throws `cpio.magic` and `cpio.damaged-header`. @param offset where `bytes` stand, for the message */
export function decodeHeader(bytes: Uint8Array, offset: number): RawHeader {
  const magic = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(6, bytes.length)).toString('latin1')
  if (magic !== magicNewc && magic !== magicCrc) throw magicError(magic, offset)
  const [ino, mode, uid, gid, nlink, mtime, size, major, minor, nodeMajor, nodeMinor, nameSize, check] =
    Array.from({ length: fieldCount }, (_, index) => fieldAt(bytes, 6 + 8 * index, offset)) as FieldTuple
  return {
    ino,
    mode,
    uid,
    gid,
    nlink,
    mtime,
    size,
    device: { major, minor },
    deviceNode: { major: nodeMajor, minor: nodeMinor },
    nameSize,
    checksum: magic === magicCrc ? check : undefined,
  }
}

type N = number
type FieldTuple = [N, N, N, N, N, N, N, N, N, N, N, N, N]

function fieldAt(bytes: Uint8Array, start: number, offset: number): number {
  let value = 0
  for (let i = start; i < start + 8; i++) {
    const digit = hexDigit(bytes[i] ?? 0)
    if (digit < 0) {
      const text = Buffer.from(bytes.subarray(start, start + 8)).toString('latin1')
      throw payloadError(
        'cpio.damaged-header',
        `the cpio header at offset ${offset} has ${JSON.stringify(text)} where eight hexadecimal digits belong`,
        { offset, field: (start - 6) / 8 },
      )
    }
    value = value * 16 + digit
  }
  return value
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : -1
}

function magicError(magic: string, offset: number) {
  const hint =
    magic === '070707' ? ': that is the old portable format, make the archive with `cpio -H newc`' : ''
  return payloadError(
    'cpio.magic',
    `no cpio entry begins at offset ${offset}: its magic is ${JSON.stringify(magic)}, not ${magicNewc} or ${magicCrc}${hint}`,
    { offset, magic },
  )
}

/** The sum that archives with magic 070702 carry: all bytes added up, modulo 2^32. */
export function addToChecksum(sum: number, bytes: Uint8Array): number {
  let total = sum
  for (const byte of bytes) total += byte
  return total >>> 0
}
