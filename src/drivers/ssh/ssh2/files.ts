import { rename, rm, stat } from 'node:fs/promises'
import { basename } from 'node:path/posix'
import type { FileTransfer, PutOptions, Transferred, TransferOptions } from '../../../board/file-transfer.ts'
import { localError, refuseLocal, refusedError } from '../../../board/transfer-errors.ts'
import { now } from '../../../core/clock.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { HilError } from '../../../core/errors.ts'
import type { SshConnection } from '../../../transports/ssh/connection.ts'
import { getByCat, putByCat } from './cat-files.ts'
import { getBySftp, putBySftp } from './sftp-files.ts'

/** A file, and how far it has come. */
export type Report = (done: number, total: number) => void

/** By SFTP; a server without it (dropbear as it comes) takes files on the input of `cat`. */
export class Ssh2Files implements FileTransfer {
  readonly #connection: SshConnection
  #hasSftp = true

  constructor(connection: SshConnection) {
    this.#connection = connection
  }

  put(file: string | Uint8Array, path: string, t: Deadline, options: PutOptions = {}): Promise<Transferred> {
    const { mode, onProgress } = options
    const report: Report = (done, total) => onProgress?.({ done, total })
    return this.#transfer(async () => {
      const size = await sizeOf(file)
      report(0, size)
      const job = { file, size, path, mode, part: partOf(path) }
      if (await this.#bySftp(() => putBySftp(this.#connection, job, report, t))) return { size, by: 'sftp' }
      await putByCat(this.#connection, job, report, t)
      return { size, by: 'ssh' }
    })
  }

  get(path: string, file: string, t: Deadline, { onProgress }: TransferOptions = {}): Promise<Transferred> {
    const report: Report = (done, total) => onProgress?.({ done, total })
    const part = `${file}.hil-part`
    return this.#transfer(async () => {
      let size = 0
      let by = 'sftp'
      try {
        const isDone = await this.#bySftp(async () => {
          size = await getBySftp(this.#connection, path, part, report, t)
        })
        if (!isDone) {
          size = await getByCat(this.#connection, path, part, report, t)
          by = 'ssh'
        }
      } catch (error) {
        await rm(part, { force: true })
        throw error
      }
      await rename(part, file).catch(refuseLocal(file))
      report(size, size)
      return { size, by }
    })
  }

  async #transfer(work: () => Promise<{ size: number; by: string }>): Promise<Transferred> {
    const startedAt = now()
    const { size, by } = await work()
    return { size, by, durationMs: now() - startedAt, resumedFrom: 0 }
  }

  /** @returns false where the server has no SFTP */
  async #bySftp(work: () => Promise<void>): Promise<boolean> {
    if (!this.#hasSftp) return false
    try {
      await work()
      return true
    } catch (error) {
      if (!(error instanceof HilError) || error.code !== 'ssh.no-channel') throw error
      this.#hasSftp = false
      return false
    }
  }
}

async function sizeOf(file: string | Uint8Array): Promise<number> {
  if (typeof file !== 'string') return file.length
  try {
    return (await stat(file)).size
  } catch (cause) {
    throw localError(file, cause)
  }
}

/** A place beside it, so that it can be moved there at once. */
function partOf(path: string): string {
  if (basename(path) === '' || path.endsWith('/')) throw refusedError(path, 'is a directory')
  return `${path}.hil-part`
}
