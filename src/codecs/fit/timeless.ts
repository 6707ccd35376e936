import { toByteSource, type ByteSource, type Content } from '../byte-source.ts'
import type { FitSource } from './create.ts'

/** Of a gzip header (RFC 1952): where it holds when the file was changed. */
const timeOffset = 4
const timeEnd = 8

/**
 * A FIT that says nothing of when it was made: `make image.fit` writes the time into it, and gzip that of the kernel
 * into what it compresses, so that no two of the same kernel are equal.
 */
export function withTimestamp(source: FitSource, timestamp: number): FitSource {
  const images = source.images.map((image) =>
    image.compression === 'gzip' ? { ...image, data: withoutGzipTime(image.data) } : image,
  )
  return { ...source, timestamp, images }
}

function withoutGzipTime(content: Content): ByteSource {
  const data = toByteSource(content)
  return {
    size: data.size,
    open: async function* () {
      let at = 0
      for await (const chunk of data.open()) {
        yield at >= timeEnd ? chunk : blanked(chunk, at)
        at += chunk.length
      }
    },
  }
}

/** @param at where the chunk begins; a header may be cut at any byte */
function blanked(chunk: Uint8Array, at: number): Uint8Array {
  return Uint8Array.from(chunk).fill(0, Math.max(0, timeOffset - at), Math.max(0, timeEnd - at))
}
