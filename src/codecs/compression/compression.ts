/** What compresses kernels, device trees and initramfs members. */
export type Compression =
  | 'gzip'
  | 'bzip2'
  | 'lzma'
  | 'xz'
  | 'lzo'
  /** Legacy frames (`lz4 -l`), the only kind that Linux unpacks. */
  | 'lz4'
  /** What `lz4` writes by default; U-Boot reads it, Linux does not. */
  | 'lz4-frame'
  | 'zstd'

const magics: readonly (readonly [Compression, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['lzma', [0x5d, 0x00]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['lzo', [0x89, 0x4c, 0x5a, 0x4f]],
  ['lz4', [0x02, 0x21, 0x4c, 0x18]],
  ['lz4-frame', [0x04, 0x22, 0x4d, 0x18]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
]

/** Recognises a compressor by the magic at the start of the bytes. */
export function detectCompression(bytes: Uint8Array): Compression | undefined {
  return magics.find(([, magic]) => magic.every((byte, index) => bytes[index] === byte))?.[0]
}
