/** Says to everything that runs that no further test should begin. */
export class RunControl {
  readonly #bail: boolean
  readonly #listeners = new Set<() => void>()
  #isStopped = false

  /** @param bail whether the first failure stops the run */
  constructor(bail: boolean) {
    this.#bail = bail
  }

  get isStopped(): boolean {
    return this.#isStopped
  }

  /** A test failed for good. */
  testFailed(): void {
    if (!this.#bail || this.#isStopped) return
    this.#isStopped = true
    for (const listener of this.#listeners) listener()
  }

  /** @returns what takes the listener away again */
  onStop(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
