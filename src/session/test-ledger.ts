import { now } from '../core/clock.ts'
import type { SerializedError } from '../core/errors.ts'
import type { EmitEvent, TestEnded, TestIdentity } from '../core/events.ts'
import { verdictOf, type Verdict } from '../core/verdicts.ts'
import type { LoadedTest } from './group/protocol.ts'
import { testIdentity } from './test-identity.ts'

export interface LedgerOptions {
  /** As events name it. */
  readonly file: string
  readonly boards: readonly string[]
  readonly tests: readonly LoadedTest[]
  readonly emit: EmitEvent
  /** Bytes received so far, by board. */
  readonly consolePositions: () => Readonly<Record<string, number>>
}

/** A test that has come to an end for good. */
export interface FinalResult {
  readonly outcome: TestEnded['outcome']
  readonly verdict: Verdict | undefined
  readonly error?: SerializedError
}

interface Outcome {
  readonly outcome: TestEnded['outcome']
  readonly durationMs: number
  readonly error?: SerializedError
  readonly reason?: string
  /** Whether another attempt may follow a failure. */
  readonly mayRetry?: boolean
}

interface Running extends LoadedTest {
  readonly startedAt: number
  readonly attempt: number
  readonly positions: Readonly<Record<string, number>>
}

/** The tests of one run of a file: which have their result, how often each was tried. Tells all of it as events. */
export class TestLedger {
  readonly #options: LedgerOptions
  readonly #attempts = new Map<string, number>()
  readonly #results = new Map<string, FinalResult>()
  #running: Running | undefined

  constructor(options: LedgerOptions) {
    this.#options = options
  }

  get attempts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#attempts)
  }

  /** Keys of the tests that have their result. */
  get done(): readonly string[] {
    return [...this.#results.keys()]
  }

  get results(): readonly FinalResult[] {
    return [...this.#results.values()]
  }

  get remaining(): readonly LoadedTest[] {
    return this.#options.tests.filter(({ key }) => !this.#results.has(key))
  }

  /** How much has happened: grows with every attempt of a test, and with what a failed hook leaves out. */
  get progress(): number {
    const attempts = this.#options.tests.map(({ key }) => this.#attempts.get(key) ?? 0)
    return attempts.reduce((sum, each) => sum + each, 0)
  }

  get running(): Running | undefined {
    return this.#running
  }

  identityOf(test: LoadedTest): TestIdentity {
    return testIdentity(this.#options.file, this.#options.boards, test)
  }

  begin(test: LoadedTest): void {
    const attempt = (this.#attempts.get(test.key) ?? 0) + 1
    this.#attempts.set(test.key, attempt)
    this.#running = { ...test, attempt, startedAt: now(), positions: this.#options.consolePositions() }
    this.#options.emit({ type: 'test-started', ...this.identityOf(test), attempt })
  }

  /** @returns whether another attempt follows */
  end(outcome: Outcome): boolean {
    const running = this.#running
    if (running === undefined) return false
    this.#running = undefined
    const { key, attempt, positions } = running
    const willRetry = outcome.outcome === 'failed' && outcome.mayRetry === true
    const verdict = willRetry ? undefined : verdictFor(outcome, attempt)
    const { durationMs, error, reason } = outcome
    if (!willRetry) {
      this.#results.set(key, { outcome: outcome.outcome, verdict, ...(error !== undefined && { error }) })
    }
    this.#options.emit({
      type: 'test-ended',
      id: this.identityOf(running).id,
      attempt,
      outcome: outcome.outcome,
      durationMs,
      ...(verdict !== undefined && { verdict }),
      ...(error !== undefined && { error }),
      ...(reason !== undefined && { reason }),
      console: rangesSince(positions, this.#options.consolePositions()),
      willRetry,
    })
    return willRetry
  }

  /** Gives tests that will not run their result. */
  skip(tests: readonly LoadedTest[], reason: string): void {
    for (const test of tests) {
      if (this.#results.has(test.key)) continue
      this.begin(test)
      this.end({ outcome: 'skipped', durationMs: 0, reason })
    }
  }
}

function verdictFor({ outcome, error }: Outcome, attempt: number): Verdict | undefined {
  if (outcome === 'skipped') return undefined
  if (outcome === 'failed') return verdictOf(error?.blame ?? 'test')
  return attempt > 1 ? 'flaky' : 'passed'
}

function rangesSince(
  from: Readonly<Record<string, number>>,
  to: Readonly<Record<string, number>>,
): TestEnded['console'] {
  return Object.fromEntries(Object.entries(to).map(([board, end]) => [board, [from[board] ?? 0, end]]))
}
