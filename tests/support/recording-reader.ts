import type { TransportReader } from '../../src/board/transport.ts'
import type { Deadline } from '../../src/core/deadline.ts'

/** A reader that keeps what a transport delivers and can wait for it. */
export class RecordingReader implements TransportReader {
  readonly chunks: Uint8Array[] = []
  length = 0
  /** How often `closed` was called, and `data` after it: a sound transport leaves 1 and 0. */
  closedCalls = 0
  dataAfterClose = 0
  #error: Error | undefined
  #onChange = new Set<() => void>()

  data(bytes: Uint8Array): void {
    if (this.closedCalls > 0) this.dataAfterClose++
    this.chunks.push(bytes)
    this.length += bytes.length
    this.#changed()
  }

  closed(error: Error | undefined): void {
    this.closedCalls++
    this.#error = error
    this.#changed()
  }

  bytes(): Buffer {
    return Buffer.concat(this.chunks)
  }

  /** Everything as Latin-1, from byte `from` on. */
  text(from = 0): string {
    return this.bytes().subarray(from).toString('latin1')
  }

  /** Waits until `pattern` has arrived at or after byte `from`. @returns the match */
  async waitFor(pattern: RegExp, t: Deadline, from = 0): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.text(from))
      if (match !== null) return match
      if (this.closedCalls > 0)
        throw new Error(`the line closed before ${pattern}: ${this.text().slice(-500)}`)
      await t.race(this.#change())
    }
  }

  async waitForBytes(count: number, t: Deadline): Promise<void> {
    while (this.length < count) {
      if (this.closedCalls > 0) throw new Error(`the line closed after ${this.length} of ${count} bytes`)
      await t.race(this.#change())
    }
  }

  /** Waits for the end of the line. @returns what `closed` was called with */
  async waitForClose(t: Deadline): Promise<Error | undefined> {
    while (this.closedCalls === 0) await t.race(this.#change())
    return this.#error
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#onChange.add(resolve))
  }

  #changed(): void {
    const waiting = this.#onChange
    this.#onChange = new Set()
    for (const wake of waiting) wake()
  }
}
