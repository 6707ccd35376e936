/** When a server that hears nothing sends again, and when it gives up. Milliseconds. */
export interface TftpTiming {
  /** Before the first answer of a client is measured. */
  readonly initialMs: number
  readonly shortestMs: number
  readonly longestMs: number
  /** Time without progress after which the transfer ends. */
  readonly giveUpMs: number
}

/**
 * Shorter than the 1 s after which barebox itself asks again, and longer than the 15 s after which it
 * gives up.
 */
export const defaultTiming: TftpTiming = {
  initialMs: 500,
  shortestMs: 100,
  longestMs: 2000,
  giveUpMs: 30_000,
}

/** Follows the round-trip time as TCP does (RFC 6298), doubling with each try that stays unanswered. */
export class RetransmissionTimer {
  readonly #timing: TftpTiming
  #smoothed: number | undefined
  #variation = 0
  #tries = 0

  constructor(timing: TftpTiming) {
    this.#timing = timing
  }

  /** The smoothed round-trip time; `undefined` until one was measured. */
  get roundTripMs(): number | undefined {
    return this.#smoothed
  }

  /** How long to wait for the answer to what is sent now. */
  get waitMs(): number {
    const { initialMs, shortestMs, longestMs } = this.#timing
    const calm =
      this.#smoothed === undefined
        ? initialMs
        : Math.max(shortestMs, this.#smoothed + Math.max(1, 4 * this.#variation))
    return Math.min(longestMs, calm * 2 ** this.#tries)
  }

  /** @param roundTripMs `undefined` for an answer to what was sent twice: it says nothing about time (Karn) */
  answered(roundTripMs: number | undefined): void {
    this.#tries = 0
    if (roundTripMs === undefined) return
    const smoothed = this.#smoothed ?? roundTripMs
    this.#variation =
      this.#smoothed === undefined
        ? roundTripMs / 2
        : 0.75 * this.#variation + 0.25 * Math.abs(smoothed - roundTripMs)
    this.#smoothed = 0.875 * smoothed + 0.125 * roundTripMs
  }

  unanswered(): void {
    this.#tries += 1
  }
}
