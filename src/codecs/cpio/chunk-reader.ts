type Shortage = (offset: number, needed: number, available: number) => Error

/** Reads exact amounts from a stream of chunks; holds no more than what is asked for. */
export class ChunkReader {
  /** How many bytes were read so far. */
  offset = 0
  readonly #chunks: AsyncIterator<Uint8Array>
  readonly #shortage: Shortage
  #current: Uint8Array = new Uint8Array(0)

  constructor(chunks: AsyncIterable<Uint8Array>, shortage: Shortage) {
    this.#chunks = chunks[Symbol.asyncIterator]()
    this.#shortage = shortage
  }

  /** Exactly `length` bytes, a view where possible. */
  async take(length: number): Promise<Uint8Array> {
    if (length === 0) return new Uint8Array(0)
    const first = await this.some(length)
    if (first.length === length) return first
    const bytes = new Uint8Array(length)
    bytes.set(first)
    for (let filled = first.length; filled < length;) {
      const part = await this.some(length - filled, filled)
      bytes.set(part, filled)
      filled += part.length
    }
    return bytes
  }

  /** Between 1 and `most` bytes, whatever has arrived. @param had for the error: how many came before */
  async some(most: number, had = 0): Promise<Uint8Array> {
    while (this.#current.length === 0) {
      const next = await this.#chunks.next()
      if (next.done === true) throw this.#shortage(this.offset - had, most + had, had)
      this.#current = next.value
    }
    const part = this.#current.subarray(0, most)
    this.#current = this.#current.subarray(part.length)
    this.offset += part.length
    return part
  }

  async skip(length: number): Promise<void> {
    for (let left = length; left > 0;) left -= (await this.some(left)).length
  }

  async close(): Promise<void> {
    await this.#chunks.return?.()
  }
}
