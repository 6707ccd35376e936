/**
 * The checksum of POSIX's `cksum`: CRC-32 with its polynomial not reflected, the length at the end
 * (POSIX.1-2017, cksum, "EXTENDED DESCRIPTION").
 */
export function posixCksum(bytes: Uint8Array): number {
  let crc = 0
  for (const byte of bytes) crc = step(crc, byte)
  for (let length = bytes.length; length > 0; length = Math.floor(length / 256))
    crc = step(crc, length & 0xff)
  return ~crc >>> 0
}

function step(crc: number, byte: number): number {
  return ((crc << 8) ^ (table[(crc >>> 24) ^ byte] ?? 0)) >>> 0
}

const table = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index << 24
  for (let bit = 0; bit < 8; bit++) value = (value << 1) ^ (value & 0x80000000 ? 0x04c11db7 : 0)
  return value >>> 0
})
