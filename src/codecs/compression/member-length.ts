import { crc32 } from 'node:zlib'
import { payloadError } from '../payload-error.ts'
import type { Compression } from './compression.ts'

/**
 * How many of the bytes belong to the compressed member at their start, seen from its framing alone.
 * Undefined where only unpacking shows it (lzma). Throws `compression.truncated`.
 *
 * zstd: RFC 8878. xz: the .xz file format 1.2. lz4 legacy: lz4_Frame_format.md. lzo: lzop's file
 * format. bzip2: the end marker, which may begin at any bit.
 */
export function memberLength(compression: Compression, bytes: Uint8Array): number | undefined {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  try {
    return lengthOf[compression]?.(view)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw truncated(compression, error)
  }
}

const lengthOf: Readonly<Partial<Record<Compression, (bytes: Buffer) => number>>> = {
  zstd: zstdLength,
  xz: xzLength,
  lz4: lz4Length,
  lzo: lzopLength,
  bzip2: bzip2Length,
}

function truncated(compression: Compression, cause?: unknown) {
  return payloadError(
    'compression.truncated',
    `the ${compression} data are cut off or damaged: their end is not there`,
    { compression },
    cause,
  )
}

function zstdLength(bytes: Buffer): number {
  const descriptor = bytes.readUInt8(4)
  const singleSegment = (descriptor & 0x20) !== 0
  const sizeBytes = [singleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0
  let at = 5 + (singleSegment ? 0 : 1) + dictionaryBytes + sizeBytes
  for (let last = false; !last;) {
    const header = bytes.readUIntLE(at, 3)
    const runLength = ((header >> 1) & 3) === 1
    at += 3 + (runLength ? 1 : header >> 3)
    last = (header & 1) !== 0
  }
  const end = at + ((descriptor & 4) === 0 ? 0 : 4)
  if (end > bytes.length) throw truncated('zstd')
  return end
}

const xzFooterSize = 12

/** Blocks need not say their length: the first footer whose own and whose index's checksum are right ends it. */
function xzLength(bytes: Buffer): number {
  const flags = bytes.readUInt16BE(6)
  let patience = 4 * bytes.length
  for (let at = bytes.indexOf('YZ', 12, 'latin1'); at !== -1; at = bytes.indexOf('YZ', at + 1, 'latin1')) {
    const end = at + 2
    const footer = end - xzFooterSize
    if (end % 4 !== 0 || footer < 12 || bytes.readUInt16BE(footer + 8) !== flags) continue
    if (crc32(bytes.subarray(footer + 4, footer + 10)) !== bytes.readUInt32LE(footer)) continue
    const indexStart = footer - 4 * (bytes.readUInt32LE(footer + 4) + 1)
    // By chance this is reached once; whoever makes it happen often gets no more for it.
    patience -= Math.max(0, footer - indexStart)
    if (patience < 0) break
    if (indexStart < 12 || crc32(bytes.subarray(indexStart, footer - 4)) !== bytes.readUInt32LE(footer - 4))
      continue
    return end
  }
  throw truncated('xz')
}

/** A legacy block holds 8 MiB; this is the most that they can take. */
const lz4BlockMax = (8 << 20) + Math.floor((8 << 20) / 255) + 16

const lz4Magic = 0x184c2102

/** Legacy frames have no end mark. The kernel stops at a block length of 0: at NUL padding. */
function lz4Length(bytes: Buffer): number {
  let at = 4
  while (bytes.length - at >= 4) {
    const length = bytes.readUInt32LE(at)
    if (length === 0) return at
    if (length === lz4Magic) {
      at += 4
      continue
    }
    if (length > lz4BlockMax || at + 4 + length > bytes.length) {
      throw payloadError(
        'compression.truncated',
        `the lz4 block at offset ${at} says it has ${length} bytes: the data are cut off, or something follows them with less than four NULs between`,
        { compression: 'lz4', offset: at, length },
      )
    }
    at += 4 + length
  }
  return bytes.subarray(at).every((byte) => byte === 0) ? at : bytes.length
}

const lzopFlag = { adlerData: 0x1, adlerPacked: 0x2, crcData: 0x100, crcPacked: 0x200, filter: 0x800 }

function lzopLength(bytes: Buffer): number {
  const extended = bytes.readUInt16BE(9) >= 0x0940
  let at = extended ? 17 : 14
  const flags = bytes.readUInt32BE(at)
  // flags, filter, mode, mtime in one or two words, name, checksum of the header
  at += 4 + (flags & lzopFlag.filter ? 4 : 0) + 4 + (extended ? 8 : 4)
  at += 1 + bytes.readUInt8(at) + 4
  const has = (bit: number) => ((flags & bit) === 0 ? 0 : 4)
  for (;;) {
    const size = bytes.readUInt32BE(at)
    if (size === 0) return at + 4
    const packed = bytes.readUInt32BE(at + 4)
    const sums = has(lzopFlag.adlerData) + has(lzopFlag.crcData)
    const packedSums = packed < size ? has(lzopFlag.adlerPacked) + has(lzopFlag.crcPacked) : 0
    at += 8 + sums + packedSums + packed
  }
}

const bzip2EndMark = 0x177245385090n

/** How far ahead the first search for the end goes; each next one goes twice as far. */
const bzip2Reach = 4096

function bzip2Length(bytes: Buffer): number {
  // Each shift is searched for by itself: one that is not there would cost all that follows.
  for (let reach = bzip2Reach; ; reach *= 2) {
    const end = firstBzip2End(bytes.subarray(0, reach))
    if (end !== undefined && end <= bytes.length) return end
    if (end !== undefined || reach >= bytes.length) throw truncated('bzip2')
  }
}

function firstBzip2End(bytes: Buffer): number | undefined {
  const ends = Array.from({ length: 8 }, (_, shift) => findBzip2End(bytes, BigInt(shift))).filter(
    (end) => end > 0,
  )
  return ends.length === 0 ? undefined : Math.min(...ends)
}

/** @param shift bits between the start of a byte and the mark @returns the end of the member, or 0 */
function findBzip2End(bytes: Buffer, shift: bigint): number {
  // The mark is 48 bits long: five bytes that it fills whole can be searched for, its edges are compared.
  const spread = Buffer.alloc(7)
  const bits = bzip2EndMark << (8n - shift)
  for (let i = 0; i < 7; i++) spread[i] = Number((bits >> BigInt(8 * (6 - i))) & 0xffn)
  const middle = spread.subarray(1, 6)
  for (let at = bytes.indexOf(middle, 4); at !== -1; at = bytes.indexOf(middle, at + 1)) {
    const window = BigInt(
      `0x${bytes
        .subarray(at - 1, at + 6)
        .toString('hex')
        .padEnd(14, '0')}`,
    )
    if (((window >> (8n - shift)) & 0xffffffffffffn) !== bzip2EndMark) continue
    // A checksum of 32 bits follows the mark; the rest of its last byte is padding.
    return at - 1 + Math.ceil((Number(shift) + 48 + 32) / 8)
  }
  return 0
}
