import { promisify } from 'node:util'
import { createGzip, gzip } from 'node:zlib'
import { pipeline } from 'node:stream/promises'
import { collect, type ByteSource, type Content } from '../byte-source.ts'

/** How the kernel and the device trees of a FIT are compressed. */
export interface FitCompressor {
  /** The word for it in a FIT: `gzip`, `zstd`, ... */
  readonly name: string
  /** The same content has to give the same bytes. */
  compress(content: ByteSource): Promise<Content>
}

const gzipAsync = promisify(gzip)
/** Smaller content is compressed in one go, which costs less than a stream. */
const streamedFrom = 1 << 20

/** gzip by Node, on its pool of threads. The header holds neither name nor time. @param level 1 to 9 */
export function gzipCompressor(level = 6): FitCompressor {
  return {
    name: 'gzip',
    compress: async (content) => {
      if (content.size < streamedFrom)
        return gzipAsync(await collect(content.open(), content.size), { level })
      const compressed = createGzip({ level, chunkSize: 1 << 18 })
      const [chunks] = await Promise.all([keep(compressed), pipeline(content.open(), compressed)])
      return chunks
    },
  }
}

/** What was streamed, to be read again; it is not put together, which would need the memory twice. */
async function keep(stream: AsyncIterable<Uint8Array>): Promise<ByteSource> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return {
    size: chunks.reduce((sum, chunk) => sum + chunk.length, 0),
    // eslint-disable-next-line @typescript-eslint/require-await -- the interface is asynchronous, memory is not
    open: async function* () {
      yield* chunks
    },
  }
}
