import { AsyncLocalStorage } from 'node:async_hooks'
import { now } from '../../core/clock.ts'
import type { Caller } from '../board/board-calls.ts'

/**
 * The test or hook in which code runs, however deep in its promises. What a test leaves running after
 * its end can't reach the boards any more.
 */
export class Scope {
  /** Key of the test, `undefined` in hooks around a suite. */
  readonly test: string | undefined
  readonly title: string
  /** Ids of calls under way. */
  readonly calls = new Set<number>()
  readonly #timeoutMs: () => number
  readonly #startedAt = now()
  #isOver = false

  /** @param timeoutMs the limit now: a test can change it while it runs */
  constructor(title: string, test: string | undefined, timeoutMs: () => number) {
    this.title = title
    this.test = test
    this.#timeoutMs = timeoutMs
  }

  get isOver(): boolean {
    return this.#isOver
  }

  end(): void {
    this.#isOver = true
  }

  caller(): Caller {
    const limit = this.#timeoutMs()
    const left = limit === 0 ? Number.POSITIVE_INFINITY : limit - (now() - this.#startedAt)
    return { title: this.title, remainingMs: Math.max(0, left - headStart(limit)) }
  }
}

/**
 * A call ends a moment before its test: its error, which says what was waited for and what was
 * seen, must come before mocha's, which says only that time is up.
 */
function headStart(limitMs: number): number {
  return Math.min(limitMs / 10, 250)
}

interface Place {
  readonly scope: Scope
  /** Id of the innermost step. */
  readonly step: string | undefined
}

const storage = new AsyncLocalStorage<Place>()

export function currentPlace(): Place | undefined {
  return storage.getStore()
}

export function runInScope<T>(scope: Scope, body: () => T): T {
  return storage.run({ scope, step: undefined }, body)
}

export function runInStep<T>(place: Place, step: string, body: () => T): T {
  return storage.run({ ...place, step }, body)
}
