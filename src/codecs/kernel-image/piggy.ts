import { detectCompression } from '../compression/index.ts'
import type { Unpack } from './kernel-image.ts'

/**
 * Unpacks the kernel that kbuild put behind a decompressor of its own. All compressors but gzip get
 * the unpacked size appended, four bytes that are no part of the compressed data.
 *
 * Undefined where that can't be done, for want of the compressor or because it is something else:
 * the file is still a kernel, only less can be said of it.
 */
export async function unpackPiggy(piggy: Buffer, unpack: Unpack): Promise<Buffer | undefined> {
  const compressed = detectCompression(piggy) === 'gzip' ? piggy : piggy.subarray(0, -4)
  try {
    const kernel = await unpack(compressed)
    return kernel && Buffer.from(kernel.buffer, kernel.byteOffset, kernel.length)
  } catch {
    return undefined
  }
}
