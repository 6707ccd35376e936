import type { FileHandle } from 'node:fs/promises'
import { HilError } from '../../core/errors.ts'
import type { PublishedFile } from './published-file.ts'

const chunkSize = 1 << 17
/** What one reader is at, what it is at next, and one that it may have to go back to. */
const chunksPerReader = 3

/**
 * Parts of one open file, shared by all who read it at the same time: at most three chunks of 128 KiB
 * for each. Reads ahead, so that a reader in lock-step never waits for the disk.
 */
export class ChunkCache {
  readers = 0
  readonly #file: PublishedFile
  readonly #handle: FileHandle
  /** In the order of their last use. */
  readonly #chunks = new Map<number, Buffer | Promise<Buffer>>()
  #latest = -1

  constructor(file: PublishedFile, handle: FileHandle) {
    this.#file = file
    this.#handle = handle
  }

  close(): Promise<void> {
    return this.#handle.close()
  }

  /**
   * Copies a part of the file into `target`, as long as it is in memory.
   * @returns `false` where it is not: `load` it first
   */
  copy(offset: number, length: number, target: Buffer, targetOffset: number): boolean {
    for (let done = 0; done < length;) {
      const position = offset + done
      const index = Math.floor(position / chunkSize)
      const chunk = this.#chunks.get(index)
      if (!(chunk instanceof Buffer)) return false
      if (index !== this.#latest) this.#touch(index, chunk)
      const start = position - index * chunkSize
      done += chunk.copy(target, targetOffset + done, start, start + length - done)
      if (start < chunkSize / 2) this.#readAhead(index)
    }
    return true
  }

  /** @throws HilError `tftp.file-changed` (payload), and what the file system says */
  async load(offset: number, length: number): Promise<void> {
    const last = Math.floor((offset + Math.max(1, length) - 1) / chunkSize)
    for (let index = Math.floor(offset / chunkSize); index <= last; index++) await this.#chunk(index)
  }

  /** Whoever needs the chunk in earnest gets to know what went wrong. */
  #readAhead(index: number): void {
    const next = index + 1
    if (this.#chunks.has(next) || next * chunkSize >= this.#file.digest.size) return
    Promise.resolve(this.#chunk(next)).catch(() => undefined)
  }

  #chunk(index: number): Buffer | Promise<Buffer> {
    const chunk = this.#chunks.get(index) ?? this.#read(index)
    this.#touch(index, chunk)
    this.#evict()
    return chunk
  }

  #touch(index: number, chunk: Buffer | Promise<Buffer>): void {
    this.#chunks.delete(index)
    this.#chunks.set(index, chunk)
    this.#latest = index
  }

  async #read(index: number): Promise<Buffer> {
    const position = index * chunkSize
    const length = Math.min(chunkSize, this.#file.digest.size - position)
    const chunk = Buffer.allocUnsafeSlow(length)
    try {
      const bytesRead = await readFully(this.#handle, chunk, position)
      await this.#file.assertUnchanged(this.#handle)
      if (bytesRead < length) throw truncated(this.#file.path, position + bytesRead)
      if (this.#chunks.has(index)) this.#chunks.set(index, chunk)
      return chunk
    } catch (error) {
      this.#chunks.delete(index)
      throw error
    }
  }

  #evict(): void {
    for (const index of this.#chunks.keys()) {
      if (this.#chunks.size <= chunksPerReader * Math.max(1, this.readers)) return
      this.#chunks.delete(index)
    }
  }
}

async function readFully(handle: FileHandle, target: Buffer, position: number): Promise<number> {
  let done = 0
  while (done < target.length) {
    const { bytesRead } = await handle.read(target, done, target.length - done, position + done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  return done
}

function truncated(path: string, size: number): HilError {
  return new HilError('tftp.file-unreadable', `${path} ends at byte ${size}, before its own end`, {
    blame: 'infrastructure',
    details: { path, size },
  })
}
