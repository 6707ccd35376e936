/**
 * What a client does with DATA: takes blocks in order, acknowledges the last one of a window, and what it
 * has when a block is missing (RFC 7440). As most clients do, it also acknowledges what comes twice, which
 * is the half of the sorcerer's apprentice that a server can't prevent.
 */
export class Receiver {
  readonly #blockSize: number
  readonly #windowSize: number
  readonly #blocks: Uint8Array[] = []
  #inWindow = 0
  isComplete = false

  constructor(blockSize: number, windowSize: number) {
    this.#blockSize = blockSize
    this.#windowSize = windowSize
  }

  get content(): Buffer {
    return Buffer.concat(this.#blocks)
  }

  /** The last block in order, as an ACK says it. */
  get received(): number {
    return this.#blocks.length & 0xffff
  }

  /** @returns whether to acknowledge now */
  data(block: number, payload: Uint8Array): boolean {
    if (block !== ((this.received + 1) & 0xffff) || this.isComplete) {
      this.#inWindow = 0
      return true
    }
    this.#blocks.push(payload)
    this.#inWindow += 1
    this.isComplete = payload.length < this.#blockSize
    if (!this.isComplete && this.#inWindow < this.#windowSize) return false
    this.#inWindow = 0
    return true
  }
}
