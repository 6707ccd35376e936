import { open, stat } from 'node:fs/promises'
import type { HilError } from '../core/errors.ts'
import { reasonOf } from '../core/reason-of.ts'
import type { ByteSource } from '../codecs/byte-source.ts'
import type { RandomAccess } from '../codecs/random-access.ts'
import { payloadError } from '../codecs/payload-error.ts'

/** A file of which parts are read; close it when done (`await using`). */
export interface OpenFile extends RandomAccess, AsyncDisposable {}

/** Opens a file of a payload. Throws `payload.unreadable`. */
export async function openPayloadFile(path: string): Promise<OpenFile> {
  const handle = await open(path).catch((error: unknown) => {
    throw unreadable(path, error)
  })
  const stats = await handle.stat()
  if (stats.isDirectory()) {
    await handle.close()
    throw unreadable(path, new Error('it is a directory'))
  }
  const { size } = stats
  return {
    size,
    read: async (offset, length) => {
      const buffer = Buffer.allocUnsafe(length)
      let filled = 0
      while (filled < length) {
        const { bytesRead } = await handle.read(buffer, filled, length - filled, offset + filled)
        if (bytesRead === 0) throw truncated(path, offset + length, size)
        filled += bytesRead
      }
      return buffer
    },
    [Symbol.asyncDispose]: () => handle.close(),
  }
}

/** A file to be streamed, with the size that it has now. Throws `payload.unreadable`. */
export async function fileSource(path: string): Promise<ByteSource> {
  const { size } = await stat(path).catch((error: unknown) => {
    throw unreadable(path, error)
  })
  return { size, open: () => readInPieces(path, size) }
}

const largestPiece = 1 << 20
const leastPiece = 1 << 10

/**
 * Buffers as large as what is left of the file: a stream takes its whole high-water mark for every file, and
 * hundreds of device trees then cost more in collecting garbage than in compressing. What the file has grown by
 * comes too, for the reader to notice.
 */
async function* readInPieces(path: string, size: number): AsyncGenerator<Uint8Array> {
  const handle = await open(path)
  try {
    for (let position = 0; ;) {
      const length = Math.min(largestPiece, Math.max(leastPiece, size - position))
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(length), 0, length, position)
      if (bytesRead === 0) return
      position += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await handle.close()
  }
}

export function unreadable(path: string, cause: unknown): HilError {
  const advice = ofSetup.test(path) ? '; "npm run setup" gets it' : ''
  return payloadError(
    'payload.unreadable',
    `${path} can't be read: ${reasonOf(cause)}${advice}`,
    { path },
    cause,
  )
}

/** Where the shipped environments look, below `${HIL_CACHE}`, for what Debian has. */
const ofSetup = /\/hil\/debian-arm64(?:-\w+)?\//

function truncated(path: string, end: number, size: number): HilError {
  return payloadError(
    'content.truncated',
    `${path} is cut off: it has ${size} bytes where ${end} are needed`,
    { path, size, end },
  )
}

/** Whether a file begins as a FIT does, or any device tree. Throws `payload.unreadable`. */
export async function isFitFile(path: string): Promise<boolean> {
  await using file = await openPayloadFile(path)
  return file.size >= 4 && Buffer.from(await file.read(0, 4)).readUInt32BE() === 0xd00dfeed
}
