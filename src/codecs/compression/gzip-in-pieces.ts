import { promisify } from 'node:util'
import { constants, crc32, deflateRaw } from 'node:zlib'

const deflateRawAsync = promisify(deflateRaw)

/** Fixed, so that the bytes do not depend on the machine. */
const pieceSize = 1 << 20
/** How far back deflate refers (RFC 1951). */
const windowSize = 32 << 10
/** As many as Node's pool has threads: what is read ahead of them is only memory. */
const atOnce = 4

/**
 * gzip on all threads, as pigz does it: the pieces of the content are deflated at once, each primed with
 * the end of the one before, and together make one member (RFC 1952) that every inflate reads.
 *
 * @param chunks views that need not outlive the next one
 * @param size of all chunks together, exactly
 * @param level 1 to 9
 */
export async function gzipInPieces(
  chunks: AsyncIterable<Uint8Array>,
  size: number,
  level: number,
): Promise<Uint8Array[]> {
  const deflated: Promise<Uint8Array>[] = []
  let checksum = 0
  let end = 0
  let before: Uint8Array | undefined
  for await (const piece of inPieces(chunks, size)) {
    checksum = crc32(piece, checksum)
    end += piece.length
    deflated.push(deflate(piece, before, { level, isLast: end === size }))
    before = piece.subarray(-windowSize)
    await deflated.at(-atOnce)
  }
  return [header(level), ...(await Promise.all(deflated)), trailer(checksum, size)]
}

async function* inPieces(chunks: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  let left = size
  let piece = Buffer.allocUnsafe(Math.min(pieceSize, left))
  let filled = 0
  for await (const chunk of chunks) {
    for (let taken = 0; taken < chunk.length && left > 0;) {
      const part = chunk.subarray(taken, taken + piece.length - filled)
      piece.set(part, filled)
      taken += part.length
      filled += part.length
      if (filled < piece.length) continue
      yield piece
      left -= piece.length
      piece = Buffer.allocUnsafe(Math.min(pieceSize, left))
      filled = 0
    }
  }
}

/** A piece that is not the last ends at a byte, by an empty block, where the next can be put. */
function deflate(
  piece: Uint8Array,
  dictionary: Uint8Array | undefined,
  { level, isLast }: { readonly level: number; readonly isLast: boolean },
): Promise<Uint8Array> {
  return deflateRawAsync(piece, {
    level,
    // In one go: every full buffer would be a way to the thread and back.
    chunkSize: pieceSize,
    finishFlush: isLast ? constants.Z_FINISH : constants.Z_SYNC_FLUSH,
    ...(dictionary === undefined ? {} : { dictionary }),
  })
}

/** Neither a name nor a time. */
function header(level: number): Uint8Array {
  const speed = level === 9 ? 2 : level === 1 ? 4 : 0
  const unix = 3
  return Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, speed, unix)
}

function trailer(checksum: number, size: number): Uint8Array {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt32LE(checksum, 0)
  bytes.writeUInt32LE(size % 2 ** 32, 4)
  return bytes
}
