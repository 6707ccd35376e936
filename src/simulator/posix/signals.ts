import type { Life } from '../life.ts'

/** The signals the simulated shell knows, with their numbers on Linux. */
export const signalNumbers = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  KILL: 9,
  USR1: 10,
  USR2: 12,
  PIPE: 13,
  ALRM: 14,
  TERM: 15,
} as const

export type SignalName = keyof typeof signalNumbers

/** A process ended by a signal, or a wait that a signal broke off. */
export class Signalled extends Error {
  readonly signal: SignalName

  constructor(signal: SignalName) {
    super(`signal ${signal}`)
    this.signal = signal
  }

  get status(): number {
    return 128 + signalNumbers[this.signal]
  }
}

/**
 * Something that can get signals. All it waits for it waits for here, so that a signal that is not
 * ignored breaks the wait off.
 */
export class SignalTarget {
  readonly life: Life
  readonly #ignores: (signal: SignalName) => boolean
  readonly #waiting = new Set<(error: Signalled) => void>()
  #pending: Signalled | undefined

  constructor(life: Life, ignores: (signal: SignalName) => boolean = () => false) {
    this.life = life
    this.#ignores = ignores
  }

  send(signal: SignalName): void {
    if (signal !== 'KILL' && this.#ignores(signal)) return
    const signalled = new Signalled(signal)
    if (this.#waiting.size === 0) {
      this.#pending = signalled
      return
    }
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const reject of waiting) reject(signalled)
  }

  /** Whether a signal came while nothing waited; asking takes it. */
  takePending(): Signalled | undefined {
    const pending = this.#pending
    this.#pending = undefined
    return pending
  }

  /** @throws Signalled when a signal came, BoardStopped when the board is gone */
  check(): void {
    this.life.check()
    const pending = this.takePending()
    if (pending !== undefined) throw pending
  }

  /** Like `Life.wait`, but a signal rejects it too. */
  wait<T>(start: (resolve: (value: T) => void, reject: (error: Error) => void) => () => void): Promise<T> {
    const pending = this.takePending()
    if (pending !== undefined) return Promise.reject(pending)
    return this.life.wait<T>((resolve, reject) => {
      let cancel: () => void = () => undefined
      const onSignal = (error: Signalled) => {
        cancel()
        reject(error)
      }
      this.#waiting.add(onSignal)
      cancel = start(
        (value) => {
          this.#waiting.delete(onSignal)
          resolve(value)
        },
        (error) => {
          this.#waiting.delete(onSignal)
          reject(error)
        },
      )
      return () => {
        this.#waiting.delete(onSignal)
        cancel()
      }
    })
  }

  /** Waits for work that has begun already; a signal leaves it behind. */
  until<T>(work: Promise<T>): Promise<T> {
    return this.wait<T>((resolve, reject) => {
      work.then(resolve, reject)
      return () => undefined
    })
  }

  sleep(ms: number): Promise<void> {
    return this.wait((resolve) =>
      this.life.clock.after(ms, () => {
        resolve(undefined)
      }),
    )
  }
}
