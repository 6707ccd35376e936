import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { posixCksum } from '../../core/posix-cksum.ts'

/** A way to have a board say what bytes it has. */
export interface BoardDigest {
  readonly program: string
  /** What the program prints of these bytes when it reads them from its input, up to the first space. */
  of(bytes: Uint8Array): string
}

/** POSIX has the first; any of them will do. */
export const digests: readonly BoardDigest[] = [
  { program: 'cksum', of: (bytes) => String(posixCksum(bytes)) },
  { program: 'md5sum', of: hash('md5') },
  { program: 'sha256sum', of: hash('sha256') },
  { program: 'crc32', of: (bytes) => crc32(bytes).toString(16).padStart(8, '0') },
]

function hash(algorithm: string) {
  return (bytes: Uint8Array) => createHash(algorithm).update(bytes).digest('hex')
}
