import { open, type FileHandle } from 'node:fs/promises'
import { digestFile, type FileDigest } from '../../core/digest-file.ts'
import { HilError } from '../../core/errors.ts'
import { differenceOf, identify, isFresh, type FileIdentity } from './file-identity.ts'

/** A file as it was when it was hashed. It is read as long as it is still that, and not a byte longer. */
export class PublishedFile {
  readonly path: string
  readonly digest: FileDigest
  readonly #identity: FileIdentity
  /** Whether a write since then could go unseen. */
  #isFresh: boolean
  /** One for all who open the file at the same time. */
  #comparison: Promise<void> | undefined

  private constructor(path: string, digest: FileDigest, identity: FileIdentity) {
    this.path = path
    this.digest = digest
    this.#identity = identity
    this.#isFresh = isFresh(identity, Date.now())
  }

  /** @throws HilError `tftp.file-changed` (payload), and what the file system says */
  static async publish(path: string, signal?: AbortSignal): Promise<PublishedFile> {
    const before = await identify(path)
    const digest = await digestFile(path, signal)
    const file = new PublishedFile(path, digest, before)
    file.#compare(await identify(path))
    return file
  }

  /** @throws HilError `tftp.file-changed` (payload), and what the file system says */
  async open(): Promise<FileHandle> {
    const handle = await open(this.path)
    try {
      await this.assertUnchanged(handle)
      if (this.#isFresh) await (this.#comparison ??= this.#compareContent())
      return handle
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  /** What was read before this succeeds is what was hashed. @throws HilError `tftp.file-changed` (payload) */
  async assertUnchanged(handle: FileHandle): Promise<void> {
    this.#compare(await identify(handle))
  }

  async #compareContent(): Promise<void> {
    try {
      const wallTimeMs = Date.now()
      const { sha256 } = await digestFile(this.path)
      if (sha256 !== this.digest.sha256) throw this.#changed('it was written to')
      this.#isFresh = isFresh(this.#identity, wallTimeMs)
    } finally {
      this.#comparison = undefined
    }
  }

  #compare(now: FileIdentity): void {
    const difference = differenceOf(this.#identity, now)
    if (difference !== undefined) throw this.#changed(difference)
  }

  #changed(difference: string): HilError {
    return new HilError(
      'tftp.file-changed',
      `${this.path} is not served any more: ${difference} after it was published; start again to boot the new one`,
      { blame: 'payload', details: { path: this.path, sha256: this.digest.sha256 } },
    )
  }
}
