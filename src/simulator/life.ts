import type { BoardClock } from './wire/board-clock.ts'

/** Why what runs on a board came to its end. */
export type StopReason = 'power-off' | 'reset'

/** Goes through everything that runs on the board when the board loses power or resets. */
export class BoardStopped extends Error {
  readonly reason: StopReason

  constructor(reason: StopReason) {
    super(`the board stopped: ${reason}`)
    this.reason = reason
  }
}

/**
 * The time from one power-on or reset to the next. Everything that waits on the board waits through
 * its life, so that nothing survives it: no timer, no half-run command.
 */
export class Life {
  readonly clock: BoardClock
  readonly #waiting = new Set<(error: BoardStopped) => void>()
  #stopped: BoardStopped | undefined

  constructor(clock: BoardClock) {
    this.clock = clock
  }

  /** Ends this life: every wait rejects, now and later. */
  stop(reason: StopReason): void {
    if (this.#stopped !== undefined) return
    const stopped = new BoardStopped(reason)
    this.#stopped = stopped
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const reject of waiting) reject(stopped)
  }

  /** @throws BoardStopped when this life is over */
  check(): void {
    if (this.#stopped !== undefined) throw this.#stopped
  }

  /**
   * Waits for something that may never come.
   * @param start begins the wait and returns what cancels it
   */
  wait<T>(start: (resolve: (value: T) => void, reject: (error: Error) => void) => () => void): Promise<T> {
    if (this.#stopped !== undefined) return Promise.reject(this.#stopped)
    return new Promise<T>((resolve, reject) => {
      let cancel: () => void = () => undefined
      const over = (error: BoardStopped) => {
        cancel()
        reject(error)
      }
      this.#waiting.add(over)
      cancel = start(
        (value) => {
          this.#waiting.delete(over)
          resolve(value)
        },
        (error) => {
          this.#waiting.delete(over)
          reject(error)
        },
      )
    })
  }

  /** Waits for something outside of the board, and forgets it when the board stops. */
  during<T>(outside: Promise<T>): Promise<T> {
    return this.wait((resolve, reject) => {
      outside.then(resolve, reject)
      return () => undefined
    })
  }

  /** Waits for `ms` of board time. */
  sleep(ms: number): Promise<void> {
    return this.wait((resolve) =>
      this.clock.after(ms, () => {
        resolve(undefined)
      }),
    )
  }

  /** Waits for `ms` of real time. */
  sleepReal(ms: number): Promise<void> {
    return this.wait((resolve) => {
      const timer = setTimeout(resolve, ms, undefined)
      return () => {
        clearTimeout(timer)
      }
    })
  }

  /** Never comes back: the board hangs until its power is cut. */
  hang(): Promise<never> {
    return this.wait<never>(() => () => undefined)
  }

  /** Lets everything else in this process have its turn; for loops that would not end. */
  breathe(): Promise<void> {
    return this.wait((resolve) => {
      const immediate = setImmediate(() => {
        resolve(undefined)
      })
      return () => {
        clearImmediate(immediate)
      }
    })
  }
}
