import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { collect, type ByteSource, type Content } from '../byte-source.ts'
import { gzipInPieces } from '../compression/index.ts'

/** How the kernel and the device trees of a FIT are compressed. */
export interface FitCompressor {
  /** The word for it in a FIT: `gzip`, `zstd`, ... */
  readonly name: string
  /** The same content has to give the same bytes. */
  compress(content: ByteSource): Promise<Content>
}

const gzipAsync = promisify(gzip)
/** Smaller content is compressed in one go. */
const piecesFrom = 1 << 20

/** gzip by Node, on its pool of threads. The header holds neither name nor time. @param level 1 to 9 */
export function gzipCompressor(level = 6): FitCompressor {
  return {
    name: 'gzip',
    compress: async (content) =>
      content.size < piecesFrom
        ? gzipAsync(await collect(content.open(), content.size), { level })
        : inChunks(await gzipInPieces(content.open(), content.size, level)),
  }
}

/** Not put together, which would need the memory twice. */
function inChunks(chunks: readonly Uint8Array[]): ByteSource {
  return {
    size: chunks.reduce((sum, chunk) => sum + chunk.length, 0),
    // eslint-disable-next-line @typescript-eslint/require-await -- the interface is asynchronous, memory is not
    open: async function* () {
      yield* chunks
    },
  }
}
