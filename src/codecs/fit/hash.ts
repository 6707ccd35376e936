import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'

/** The hashes that FIT knows, with the size of their values in bytes. */
export const hashSizes = {
  'crc16-ccitt': 2,
  crc32: 4,
  md5: 16,
  sha1: 20,
  sha256: 32,
  sha384: 48,
  sha512: 64,
} as const
export type HashAlgorithm = keyof typeof hashSizes

export function isHashAlgorithm(name: string): name is HashAlgorithm {
  return Object.hasOwn(hashSizes, name)
}

/** The hashes of content, each by its name, in one pass. */
export async function hashContent<A extends HashAlgorithm>(
  chunks: AsyncIterable<Uint8Array>,
  algorithms: Iterable<A>,
): Promise<Map<A, Uint8Array>> {
  const hashers = new Map(Array.from(algorithms, (algorithm) => [algorithm, startHash(algorithm)]))
  for await (const chunk of chunks) for (const hasher of hashers.values()) hasher.update(chunk)
  return new Map(Array.from(hashers, ([algorithm, hasher]) => [algorithm, hasher.digest()]))
}

interface Hasher {
  update(chunk: Uint8Array): unknown
  digest(): Uint8Array
}

function startHash(algorithm: HashAlgorithm): Hasher {
  if (algorithm === 'crc32') return sum(4, crc32)
  if (algorithm === 'crc16-ccitt') return sum(2, crc16)
  return createHash(algorithm)
}

/** A checksum that is one number, stored with its high byte first. */
function sum(size: number, add: (chunk: Uint8Array, value: number) => number): Hasher {
  let value = 0
  return {
    update: (chunk) => (value = add(chunk, value)),
    digest: () => {
      const bytes = Buffer.alloc(size)
      bytes.writeUIntBE(value, 0, size)
      return bytes
    },
  }
}

/** CRC-16 with the polynomial 0x1021, starting at 0, as U-Boot's `crc16-ccitt`. */
function crc16(chunk: Uint8Array, start: number): number {
  let value = start
  for (const byte of chunk) {
    value ^= byte << 8
    for (let bit = 0; bit < 8; bit++) value = ((value << 1) ^ (value & 0x8000 ? 0x1021 : 0)) & 0xffff
  }
  return value
}
