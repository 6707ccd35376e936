import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { posix } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { crc32 } from 'node:zlib'
import type { SFTPWrapper } from 'ssh2'
import type { Deadline } from '../../core/deadline.ts'
import type { FileDigest } from '../../core/digest-file.ts'
import { HilError } from '../../core/errors.ts'
import { SshConnection } from './connection.ts'
import type { SshTarget } from './target.ts'

/** What SFTP answers for a file that is not there (draft-ietf-secsh-filexfer-02, section 7). */
const noSuchFile = 2

/** A directory on another machine, in which files are put and removed by SFTP. */
export class RemoteDirectory {
  readonly #connection: SshConnection
  readonly #path: string

  constructor(target: SshTarget, path: string) {
    this.#connection = new SshConnection(target)
    this.#path = path
  }

  /**
   * Puts a file there under a name that must be free.
   * @returns the digest of the bytes that were sent
   */
  put(name: string, file: string, t: Deadline): Promise<FileDigest> {
    const hash = createHash('sha256')
    let [size, crc] = [0, 0]
    const digest = async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk)
        crc = crc32(chunk, crc)
        size += chunk.length
        yield chunk
      }
    }
    return this.#use(t, async (sftp) => {
      const target = sftp.createWriteStream(this.#pathOf(name), { flags: 'wx', mode: 0o644 })
      await pipeline(createReadStream(file), digest, target, { signal: t.signal })
      return { size, sha256: hash.digest('hex'), crc32: crc }
    })
  }

  /** Also where the connection was lost meanwhile. What is not there is removed. */
  async remove(name: string, t: Deadline): Promise<void> {
    try {
      await this.#unlink(name, t)
    } catch (error) {
      // Refused by the server, or not reached at all.
      if (typeof codeOf(error) === 'number' || error instanceof HilError) throw error
      // The connection was lost, which only shows when it is used.
      await this.close()
      await this.#unlink(name, t)
    }
  }

  #unlink(name: string, t: Deadline): Promise<void> {
    return this.#use(t, (sftp) => {
      const removed = new Promise<void>((resolve, reject) => {
        sftp.unlink(this.#pathOf(name), (error) => {
          if (error === undefined || error === null || codeOf(error) === noSuchFile) resolve()
          else reject(error)
        })
      })
      return t.race(removed)
    })
  }

  /** Nothing may be under way. */
  close(): Promise<void> {
    return this.#connection.close()
  }

  #pathOf(name: string): string {
    return posix.join(this.#path, name)
  }

  async #use<T>(t: Deadline, body: (sftp: SFTPWrapper) => Promise<T>): Promise<T> {
    return body(await this.#connection.sftp(t))
  }
}

function codeOf(error: unknown): unknown {
  return (error as { readonly code?: unknown }).code
}
