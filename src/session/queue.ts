/** Runs one thing at a time, in the order asked for. */
export class Queue {
  #last: Promise<unknown> = Promise.resolve()

  run<T>(work: () => T | Promise<T>): Promise<T> {
    const result = this.#last.then(work)
    this.#last = result.catch(() => undefined)
    return result
  }

  /** Resolves when nothing runs or waits any more. */
  async idle(): Promise<void> {
    await this.#last
  }
}
