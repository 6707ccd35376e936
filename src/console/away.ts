import { now } from '../core/clock.ts'

/** The time during which a line is not there. */
export class Away {
  readonly since = now()
  /** Why it went. */
  readonly reason: Error
  /** Why it did not come back when it was tried last. */
  latest: unknown
  /** Resolves when it is back, or given up. */
  readonly over: Promise<void>
  readonly #controller = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #end: () => void = () => undefined

  constructor(reason: Error) {
    this.reason = reason
    this.over = new Promise((resolve) => (this.#end = resolve))
  }

  /** Aborts when it is not waited for any more. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** From now on it may take so many milliseconds. */
  limit(ms: number): void {
    this.unlimit()
    this.#timer = setTimeout(() => {
      this.giveUp()
    }, ms)
  }

  unlimit(): void {
    clearTimeout(this.#timer)
  }

  giveUp(): void {
    this.#controller.abort()
  }

  end(): void {
    this.unlimit()
    this.#end()
  }
}
