/** Bytes that arrived and wait to be read, as in a UART's receive FIFO. */
export class ByteQueue {
  readonly #capacity: number
  #chunks: Uint8Array[] = []
  #offset = 0
  #length = 0
  #wake: (() => void) | undefined

  /** @param capacity what exceeds it is lost, as in a FIFO that nobody empties */
  constructor(capacity = Infinity) {
    this.#capacity = capacity
  }

  get length(): number {
    return this.#length
  }

  push(bytes: Uint8Array): void {
    const fitting = bytes.subarray(0, Math.max(0, Math.min(bytes.length, this.#capacity - this.#length)))
    if (fitting.length === 0) return
    this.#chunks.push(fitting)
    this.#length += fitting.length
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
  }

  /** The next byte, or `undefined` when there is none. */
  shift(): number | undefined {
    const chunk = this.#chunks[0]
    if (chunk === undefined) return undefined
    const byte = chunk[this.#offset]
    this.#offset += 1
    this.#length -= 1
    if (this.#offset === chunk.length) {
      this.#chunks.shift()
      this.#offset = 0
    }
    return byte
  }

  clear(): void {
    this.#chunks = []
    this.#offset = 0
    this.#length = 0
  }

  /** Calls back once, at once when bytes are there. One caller at a time; the result cancels. */
  onceReadable(callback: () => void): () => void {
    if (this.#length > 0) {
      callback()
      return () => undefined
    }
    this.#wake = callback
    return () => {
      if (this.#wake === callback) this.#wake = undefined
    }
  }
}
