import { setMaxListeners } from 'node:events'
import { now } from './clock.ts'
import { HilError, type Blame } from './errors.ts'
import { formatDuration } from './duration.ts'

/** One link of the chain a timeout prints: a budget, and how much of it was used. */
export interface DeadlineLink {
  readonly label: string
  readonly budgetMs: number
  readonly elapsedMs: number
}

/**
 * A budget of time for one named thing. Budgets nest: a child never outlives its parent, and when
 * time is up the error names the budget that ran out and the chain it stood in.
 *
 * Dispose of a deadline when its work is done (`using t = parent.within(...)`): that stops its timer.
 */
export interface Deadline extends Disposable {
  readonly label: string
  /** Aborts with the `deadline.exceeded` error, or with the reason of the parent's abort. */
  readonly signal: AbortSignal
  /** Milliseconds left, never negative; includes the parents' budgets. */
  remaining(): number
  /** A budget inside this one. @param ms the child's own budget in milliseconds */
  within(ms: number, label: string): Deadline
  /** The outermost budget first, this one last. */
  chain(): readonly DeadlineLink[]
  /** `work`, or the rejection of `signal`, whichever comes first. `work` itself is not stopped. */
  race<T>(work: Promise<T>): Promise<T>
  /** Throws the abort reason when the time is up or the work was cancelled. */
  throwIfOver(): void
}

export interface DeadlineOptions {
  /** Cancels the deadline early, e.g. on Ctrl-C. Its reason becomes the deadline's. */
  readonly signal?: AbortSignal
}

/** Starts an outermost deadline. @param ms budget in milliseconds; `Infinity` never runs out */
export function startDeadline(ms: number, label: string, { signal }: DeadlineOptions = {}): Deadline {
  return new TimedDeadline(ms, label, undefined, signal)
}

/** The code of the error a deadline aborts with. */
export const deadlineExceeded = 'deadline.exceeded'

/** Whether `error` says that time ran out (and not that somebody cancelled). */
export function isDeadlineExceeded(error: unknown): error is HilError {
  return error instanceof HilError && error.code === deadlineExceeded
}

/** A longer timer overflows Node's 32-bit milliseconds and would fire at once. */
const longestTimerMs = 2 ** 31 - 1

class TimedDeadline implements Deadline {
  readonly label: string
  readonly #budgetMs: number
  readonly #startedAt = now()
  readonly #parent: TimedDeadline | undefined
  readonly #controller = new AbortController()
  readonly #timer: NodeJS.Timeout | undefined
  readonly #outer: AbortSignal | undefined
  readonly #onOuterAbort = () => {
    this.#controller.abort(this.#outer?.reason)
  }

  constructor(ms: number, label: string, parent: TimedDeadline | undefined, outer: AbortSignal | undefined) {
    if (Number.isNaN(ms) || ms < 0)
      throw new RangeError(`a deadline needs a positive budget, not ${ms} ms (${label})`)
    this.label = label
    this.#budgetMs = ms
    this.#parent = parent
    this.#outer = outer
    // All boards of a run wait for its end.
    setMaxListeners(0, this.#controller.signal)
    if (outer?.aborted === true) this.#onOuterAbort()
    else {
      outer?.addEventListener('abort', this.#onOuterAbort, { once: true })
      if (ms <= longestTimerMs) {
        this.#timer = setTimeout(() => {
          this.#controller.abort(this.#exceeded())
        }, ms)
      }
    }
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  remaining(): number {
    // A timer may be a little early by our clock.
    if (this.signal.aborted) return 0
    const own = Math.max(0, this.#budgetMs - (now() - this.#startedAt))
    return this.#parent === undefined ? own : Math.min(own, this.#parent.remaining())
  }

  within(ms: number, label: string): Deadline {
    return new TimedDeadline(ms, label, this, this.signal)
  }

  chain(): readonly DeadlineLink[] {
    const link = {
      label: this.label,
      budgetMs: this.#budgetMs,
      elapsedMs: Math.round(now() - this.#startedAt),
    }
    return [...(this.#parent?.chain() ?? []), link]
  }

  race<T>(work: Promise<T>): Promise<T> {
    const { signal } = this
    if (signal.aborted) {
      work.catch(() => undefined)
      return Promise.reject(reasonOf(signal))
    }
    return new Promise<T>((resolve, reject) => {
      const onAbort = () => {
        reject(reasonOf(signal))
      }
      signal.addEventListener('abort', onAbort, { once: true })
      work.then(resolve, reject).finally(() => {
        signal.removeEventListener('abort', onAbort)
      })
    })
  }

  throwIfOver(): void {
    if (this.signal.aborted) throw reasonOf(this.signal)
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
    this.#outer?.removeEventListener('abort', this.#onOuterAbort)
  }

  #exceeded(): HilError {
    return timeoutError(this.chain(), 'infrastructure')
  }
}

/** The error for an exhausted budget. Callers that know more rethrow with their own code and blame. */
function timeoutError(chain: readonly DeadlineLink[], blame: Blame): HilError {
  const last = chain.at(-1)
  return new HilError(
    deadlineExceeded,
    `${last?.label ?? 'the work'} took longer than ${formatDuration(last?.budgetMs ?? 0)} (${formatChain(chain)})`,
    { blame, details: { chain } },
  )
}

/** `run 5 min > boot 30 s > barebox prompt 10 s`: the budgets, outermost first. */
export function formatChain(chain: readonly DeadlineLink[]): string {
  return chain.map(({ label, budgetMs }) => `${label} ${formatDuration(budgetMs)}`).join(' > ')
}

function reasonOf(signal: AbortSignal): Error {
  const reason: unknown = signal.reason
  return reason instanceof Error ? reason : new Error(String(reason))
}
