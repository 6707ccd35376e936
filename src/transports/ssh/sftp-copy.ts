import { open } from 'node:fs/promises'
import type { SFTPWrapper, Stats } from 'ssh2'
import { refuseLocal } from '../../board/transfer-errors.ts'
import type { Deadline } from '../../core/deadline.ts'
import { writeAt } from '../../core/write-at.ts'

/** What a server takes in one request for sure, and how many are sent before the first was answered. */
const pieceLength = 32 * 1024
const depth = 64

export type OnBytes = (done: number) => void

/** Writes to a file that is there then, and was emptied. */
export async function copyTo(
  sftp: SFTPWrapper,
  path: string,
  content: { readonly size: number; read(position: number, length: number): Promise<Uint8Array> },
  t: Deadline,
  onBytes: OnBytes,
): Promise<void> {
  const handle = await t.race(ask<Buffer>((done) => sftp.open(path, 'w', done)))
  try {
    await inPieces(content.size, t, onBytes, async (position, length) => {
      const bytes = Buffer.from(await content.read(position, length))
      await ask<undefined>((done) => {
        sftp.write(handle, bytes, 0, length, position, (error) => {
          done(error ?? undefined, undefined)
        })
      })
    })
  } catch (error) {
    closeSoon(sftp, handle)
    throw error
  }
  await t.race(close(sftp, handle))
}

/** @returns how many bytes it has */
export async function copyFrom(
  sftp: SFTPWrapper,
  path: string,
  file: string,
  t: Deadline,
  onBytes: (done: number, size: number) => void,
): Promise<number> {
  const handle = await t.race(ask<Buffer>((done) => sftp.open(path, 'r', done)))
  try {
    const { size } = await t.race(ask<Stats>((done) => sftp.fstat(handle, done)))
    onBytes(0, size)
    return await readInto(file, async (write) => {
      const read = async (position: number, length: number) => {
        const bytes = await readPiece(sftp, handle, position, length)
        await write(bytes, position)
        return bytes.length
      }
      // A file of /proc has no size and tells its end when it comes.
      if (size === 0) return readToEnd(read, t)
      const report = (done: number) => {
        onBytes(done, size)
      }
      await inPieces(size, t, report, async (position, length) => void (await read(position, length)))
      return size
    })
  } finally {
    closeSoon(sftp, handle)
  }
}

type WriteHere = (bytes: Uint8Array, position: number) => Promise<void>

/** @throws HilError `transfer.local` (test) for what the file here can't be made to hold */
async function readInto<T>(file: string, body: (write: WriteHere) => Promise<T>): Promise<T> {
  const refuse = refuseLocal(file)
  const local = await open(file, 'w').catch(refuse)
  try {
    return await body((bytes, position) => writeAt(local, bytes, position).catch(refuse))
  } finally {
    await local.close()
  }
}

async function readPiece(
  sftp: SFTPWrapper,
  handle: Buffer,
  position: number,
  length: number,
): Promise<Uint8Array> {
  const buffer = Buffer.alloc(length)
  let got = 0
  while (got < length) {
    const count = await readSome(sftp, handle, buffer.subarray(got), position + got)
    if (count === 0) break
    got += count
  }
  return buffer.subarray(0, got)
}

async function readToEnd(
  read: (position: number, length: number) => Promise<number>,
  t: Deadline,
): Promise<number> {
  let size = 0
  for (;;) {
    const count = await t.race(read(size, pieceLength))
    size += count
    if (count < pieceLength) return size
  }
}

/** Many requests at once: one at a time would wait for the network each time. */
async function inPieces(
  size: number,
  t: Deadline,
  onBytes: OnBytes,
  move: (position: number, length: number) => Promise<void>,
): Promise<void> {
  let next = 0
  let done = 0
  const worker = async () => {
    while (next < size) {
      const position = next
      const length = Math.min(pieceLength, size - position)
      next += length
      await move(position, length)
      t.throwIfOver()
      done += length
      onBytes(done)
    }
  }
  await t.race(Promise.all(Array.from({ length: depth }, worker)))
}

function readSome(sftp: SFTPWrapper, handle: Buffer, buffer: Buffer, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    sftp.read(handle, buffer, 0, buffer.length, position, (error, count) => {
      if (error === undefined || error === null) resolve(count)
      else if ((error as { code?: unknown }).code === endOfFile) resolve(0)
      else reject(error)
    })
  })
}

/** draft-ietf-secsh-filexfer-02, section 7. */
const endOfFile = 1

/** A server that does not answer keeps nobody. */
function closeSoon(sftp: SFTPWrapper, handle: Buffer): void {
  close(sftp, handle).catch(() => undefined)
}

function close(sftp: SFTPWrapper, handle: Buffer): Promise<unknown> {
  return ask<undefined>((done) => {
    sftp.close(handle, (error) => {
      done(error ?? undefined, undefined)
    })
  })
}

type Done<T> = (error: Error | undefined, value: T) => void

/** One request of SFTP. */
export function ask<T>(start: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, value) => {
      if (error === undefined || error === null) resolve(value)
      else reject(error)
    })
  })
}
