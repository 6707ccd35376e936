import type { Deadline } from '../../core/deadline.ts'

/** Runs one thing at a time, in the order asked for. */
export class Queue {
  #last: Promise<unknown> = Promise.resolve()

  run<T>(work: () => T | Promise<T>): Promise<T> {
    const result = this.#last.then(work)
    this.#last = result.catch(() => undefined)
    return result
  }

  /** The same for what is not begun any more once its time is over. @throws HilError the deadline's own */
  runBy<T>(t: Deadline, work: () => T | Promise<T>): Promise<T> {
    return this.run(() => {
      t.throwIfOver()
      return work()
    })
  }

  /** Resolves when nothing runs or waits any more. */
  async idle(): Promise<void> {
    await this.#last
  }
}
