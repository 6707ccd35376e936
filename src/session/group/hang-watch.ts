/** How long after its limit of time a test is looked after: mocha ends the ones that can be ended. */
const graceMs = 1000
/** How often a test without limit is looked after. */
const roundMs = 60_000
/** How long an event loop that is not blocked for good may take to answer. */
const answerMs = 5000

/**
 * Finds out that a process hangs. A test that runs too long is ended by mocha in its own process,
 * unless it blocks the event loop: then nothing there runs any more, and a ping stays unanswered.
 */
export class HangWatch {
  readonly #on: { readonly ping: () => void; readonly hung: () => void }
  #timer: NodeJS.Timeout | undefined
  #isAsked = false

  constructor(on: { readonly ping: () => void; readonly hung: () => void }) {
    this.#on = on
  }

  /** Something begins that should take no longer than this, in milliseconds; 0 is no limit. */
  start(limitMs: number): void {
    this.stop()
    this.#timer = setTimeout(
      () => {
        this.#ask()
      },
      limitMs === 0 ? roundMs : limitMs + graceMs,
    )
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#isAsked = false
  }

  answered(): void {
    if (this.#isAsked) this.start(0)
  }

  #ask(): void {
    this.#isAsked = true
    this.#on.ping()
    this.#timer = setTimeout(this.#on.hung, answerMs)
  }
}
