/** Handles messages in the order in which they come, each when the one before is done. */
export class Inbox<Message> {
  readonly #handle: (message: Message) => Promise<void> | undefined
  #last: Promise<void> | undefined
  #isClosed = false

  /** @param handle returns a promise, which must not reject, where it takes its time */
  constructor(handle: (message: Message) => Promise<void> | undefined) {
    this.#handle = handle
  }

  take(message: Message): void {
    if (this.#last === undefined) this.#wait(this.#handle(message))
    else this.#wait(this.#last.then(() => (this.#isClosed ? undefined : this.#handle(message))))
  }

  /** Resolves when everything that came is handled. */
  async idle(): Promise<void> {
    await this.#last
  }

  /** What is not handled yet never is. */
  close(): void {
    this.#isClosed = true
  }

  #wait(work: Promise<void> | undefined): void {
    this.#last = work
    void work?.then(() => {
      if (this.#last === work) this.#last = undefined
    })
  }
}
