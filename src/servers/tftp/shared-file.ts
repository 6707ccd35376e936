import { ChunkCache } from './chunk-cache.ts'
import type { PublishedFile } from './published-file.ts'

/** A published file that is open as long as anyone reads it, once for all. */
export class SharedFile {
  readonly published: PublishedFile
  #cache: ChunkCache | undefined

  constructor(published: PublishedFile) {
    this.published = published
  }

  /** Each reader looks at the file anew. @throws what `PublishedFile.open` throws */
  async acquire(): Promise<ChunkCache> {
    const handle = await this.published.open()
    if (this.#cache === undefined) this.#cache = new ChunkCache(this.published, handle)
    else await handle.close()
    this.#cache.readers += 1
    return this.#cache
  }

  async release(cache: ChunkCache): Promise<void> {
    cache.readers -= 1
    if (cache.readers > 0) return
    if (this.#cache === cache) this.#cache = undefined
    await cache.close()
  }
}
