import { now } from '../../core/clock.ts'

/**
 * The time of a simulated board. Waits run faster than on a real one: a board second takes
 * `1000 / speed` milliseconds. Work that takes a real board time but nobody waits for (a kernel
 * that boots) costs nothing: it skips ahead.
 */
export class BoardClock {
  readonly #speed: number
  readonly #startedAt = now()
  #skipped = 0

  constructor(speed: number) {
    this.#speed = speed
  }

  /** Milliseconds of board time since the power came. */
  now(): number {
    return (now() - this.#startedAt) * this.#speed + this.#skipped
  }

  /** Moves the board's time forward without waiting. */
  skip(ms: number): void {
    this.#skipped += ms
  }

  /** How long a wait of `ms` board milliseconds really takes. */
  realMs(ms: number): number {
    return ms / this.#speed
  }

  /** Calls back after `ms` of board time; the result cancels. */
  after(ms: number, callback: () => void): () => void {
    const timer = setTimeout(callback, Math.min(this.realMs(ms), 2 ** 31 - 1))
    return () => {
      clearTimeout(timer)
    }
  }
}
