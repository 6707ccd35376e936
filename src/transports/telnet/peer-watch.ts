export interface PeerWatchOptions {
  /** Asks the other end for a sign of life; `PeerWatch.heard` is called with its answer, or with anything else. */
  readonly ask: () => void
  /** Whether it may have no time for an answer: it is still busy with what it was sent. */
  readonly isBusy: () => boolean
  /** It has been silent for two intervals, and was asked in between. */
  readonly onSilent: (silentMs: number) => void
  readonly intervalMs: number
}

/**
 * Notices that the other end is gone without a word: TCP itself goes on for a quarter of an hour with data that
 * nobody acknowledges.
 */
export class PeerWatch {
  readonly #options: PeerWatchOptions
  readonly #timer: NodeJS.Timeout
  #isHeard = true
  #isAsked = false

  constructor(options: PeerWatchOptions) {
    this.#options = options
    this.#timer = setInterval(() => {
      this.#look()
    }, options.intervalMs)
    this.#timer.unref()
  }

  /** Something has come. */
  heard(): void {
    this.#isHeard = true
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #look(): void {
    if (this.#isHeard || this.#options.isBusy()) this.#isAsked = false
    else if (this.#isAsked) {
      this.stop()
      this.#options.onSilent(2 * this.#options.intervalMs)
      return
    } else {
      this.#isAsked = true
      this.#options.ask()
    }
    this.#isHeard = false
  }
}
