import { spawn } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { PassThrough, pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { findProgram } from '../../core/find-program.ts'
import { HilError } from '../../core/errors.ts'
import { reasonOf } from '../../core/reason-of.ts'

/** Reads an image from its beginning to its end, leaving out what is not asked for. */
export interface ImageReader {
  /** Undefined where it is packed: then only its end tells. */
  readonly size: number | undefined
  /** The bytes from `start` on, in pieces; `start` is never before what was read already. */
  read(start: number, length: number): AsyncIterable<Uint8Array>
  close(): Promise<void>
}

const unpackers: Readonly<Record<string, readonly [string, ...string[]]>> = {
  xz: ['xz', '-dc'],
  zst: ['zstd', '-dcq'],
  bz2: ['bzip2', '-dc'],
}

const pieceLength = 4 << 20

/** @throws HilError `storage.image` (payload), `storage.no-program` (environment) */
export async function openImage(file: string): Promise<ImageReader> {
  try {
    await stat(file)
  } catch (cause) {
    throw unreadable(file, cause)
  }
  const extension = /\.(gz|xz|zst|bz2)$/.exec(file)?.[1]
  if (extension === undefined) return openRaw(file)
  if (extension === 'gz') return openStream(file, gunzipped(file))
  const [program, ...args] = unpackers[extension] ?? ['cat']
  if ((await findProgram(program)) === undefined) {
    throw new HilError('storage.no-program', `${program} is not installed, which unpacks ${file}`, {
      blame: 'environment',
      details: { program, file },
    })
  }
  return openStream(file, unpack(file, program, args))
}

/** It fails where the file can't be read, too, and closes that when it is closed itself: `pipe` does neither. */
function gunzipped(file: string): Readable {
  return pipeline(createReadStream(file), createGunzip(), () => undefined)
}

/** What a program makes of a file; it fails where the program does. */
function unpack(file: string, program: string, args: readonly string[]): Readable {
  const child = spawn(program, [...args, file], { stdio: ['ignore', 'pipe', 'pipe'] })
  const said: Buffer[] = []
  child.stderr.on('data', (bytes: Buffer) => said.push(bytes))
  const unpacked = new PassThrough()
  child.stdout.pipe(unpacked, { end: false })
  child.on('error', (error) => unpacked.destroy(error))
  child.on('close', (code) => {
    if (code === 0) unpacked.end()
    else unpacked.destroy(new Error(Buffer.concat(said).toString().trim() || `${program} ended with ${code}`))
  })
  unpacked.on('close', () => child.kill('SIGKILL'))
  return unpacked
}

async function openRaw(file: string): Promise<ImageReader> {
  const handle = await open(file).catch((cause: unknown) => {
    throw unreadable(file, cause)
  })
  const { size } = await handle.stat()
  return {
    size,
    async *read(start, length) {
      const end = Math.min(start + length, size)
      for (let at = start; at < end; at += pieceLength) {
        const buffer = Buffer.allocUnsafe(Math.min(pieceLength, end - at))
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, at).catch((cause: unknown) => {
          throw unreadable(file, cause)
        })
        if (bytesRead !== buffer.length)
          throw unreadable(file, new Error('it became shorter while it was read'))
        yield buffer
      }
    },
    close: () => handle.close(),
  }
}

function openStream(file: string, stream: Readable): ImageReader {
  // It may fail before anybody reads it: whoever reads then is told.
  stream.on('error', () => undefined)
  const pieces = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let at = 0
  let rest: Buffer = Buffer.alloc(0)
  const next = async () => {
    try {
      const next = await pieces.next()
      return next.done === true ? undefined : next.value
    } catch (cause) {
      throw unreadable(file, cause)
    }
  }
  return {
    size: undefined,
    async *read(start, length) {
      const end = start + length
      while (at < end) {
        if (rest.length === 0) rest = (await next()) ?? Buffer.alloc(0)
        if (rest.length === 0) return
        const skipped = Math.min(Math.max(0, start - at), rest.length)
        const wanted = rest.subarray(skipped, skipped + Math.max(0, end - at - skipped))
        rest = rest.subarray(skipped + wanted.length)
        at += skipped + wanted.length
        if (wanted.length > 0) yield wanted
      }
    },
    close() {
      stream.destroy()
      return Promise.resolve()
    },
  }
}

function unreadable(file: string, cause: unknown): HilError {
  return new HilError('storage.image', `the image ${file} can't be read: ${reasonOf(cause)}`, {
    blame: 'payload',
    details: { file },
    cause,
  })
}
