import { crc32 } from 'node:zlib'
import { payloadError } from '../payload-error.ts'
import { damagedKernel } from './unknown.ts'

/** U-Boot's legacy image header, all fields big-endian. */
const header = { size: 64, headerCrc: 4, dataSize: 12, dataCrc: 24 }
const magic = 0x27051956

export function isUimage(bytes: Buffer): boolean {
  return bytes.length >= header.size && bytes.readUInt32BE(0) === magic
}

/** The data of a uImage. Throws `kernel-image.truncated` and `kernel-image.bad-checksum`. */
export function unwrapUimage(bytes: Buffer): Uint8Array {
  const head = Buffer.from(bytes.subarray(0, header.size))
  const headerCrc = head.readUInt32BE(header.headerCrc)
  head.writeUInt32BE(0, header.headerCrc)
  if (crc32(head) !== headerCrc) throw badChecksum('header')
  const end = header.size + bytes.readUInt32BE(header.dataSize)
  if (end > bytes.length) throw damagedKernel('uimage', end, bytes.length)
  const data = bytes.subarray(header.size, end)
  if (crc32(data) !== bytes.readUInt32BE(header.dataCrc)) throw badChecksum('data')
  return data
}

function badChecksum(part: 'header' | 'data') {
  return payloadError(
    'kernel-image.bad-checksum',
    `the uImage is damaged: the checksum of its ${part} does not match`,
    { part },
  )
}
