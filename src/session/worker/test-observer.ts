import type Mocha from 'mocha'
import { now } from '../../core/clock.ts'
import type { SerializedError } from '../../core/errors.ts'
import type { TestResult } from '../protocol.ts'
import type { Scope } from '../spec/scope.ts'
import type { Send } from './channel.ts'
import { toFailure } from './failure.ts'
import { testsBelow } from './load-spec.ts'
import type { ParentCalls } from './parent-calls.ts'
import { giveScope, type ScopeEvents } from './scoped-runnables.ts'
import { titlesOf, type TestKeys } from './test-keys.ts'

interface ObserverOptions {
  readonly runner: Mocha.Runner
  readonly keys: TestKeys
  readonly calls: ParentCalls
  readonly send: Send
  readonly debug: boolean
  /** Attempts of a test in earlier passes. */
  readonly attemptsBefore: (test: Mocha.Test) => number
}

interface CurrentTest {
  readonly test: Mocha.Test
  readonly startedAt: number
  result: Pick<TestResult, 'outcome' | 'error'> | undefined
}

/**
 * Tells the parent what mocha does. The result of a test is told after its `afterEach` hooks, since
 * they can still fail it.
 */
export class TestObserver implements ScopeEvents {
  readonly #options: ObserverOptions
  #current: CurrentTest | undefined
  #scope: Scope | undefined
  #hookStartedAt = 0

  constructor(options: ObserverOptions) {
    this.#options = options
  }

  observe(): void {
    const { runner } = this.#options
    runner.on('test', (test) => {
      this.#begin(test)
    })
    runner.on('hook', (hook) => {
      this.#onHook(hook)
    })
    runner.on('pass', () => {
      this.#settle({ outcome: 'passed' })
    })
    runner.on('pending', (test: Mocha.Test) => {
      if (this.#current?.test !== test) this.#begin(test)
      this.#settle({ outcome: 'skipped' })
    })
    runner.on('retry', (test: Mocha.Runnable, error: unknown) => {
      this.#fail(test, error)
    })
    runner.on('fail', (runnable: Mocha.Runnable, error: unknown) => {
      if (isHook(runnable)) this.#failHook(runnable, error)
      else this.#fail(runnable, error)
    })
    for (const event of ['suite', 'suite end', 'end'] as const) {
      runner.on(event, () => {
        this.#flush()
      })
    }
  }

  began(scope: Scope): void {
    this.#scope = scope
    const timeoutMs = this.#options.runner.currentRunnable?.timeout() ?? 0
    this.#options.send({ type: 'busy', title: scope.title, timeoutMs })
  }

  ended(scope: Scope): void {
    scope.end()
    this.#options.calls.cancel(scope)
    if (this.#scope !== scope) return
    this.#scope = undefined
    this.#options.send({ type: 'idle' })
  }

  async failed(error: unknown): Promise<void> {
    const { debug, calls, runner } = this.#options
    const runnable = runner.currentRunnable
    if (debug && runnable !== undefined) await calls.debug(toFailure(error, runnable, []))
  }

  #begin(test: Mocha.Test): void {
    this.#flush()
    this.#current = { test, startedAt: now(), result: undefined }
    const { keys, send } = this.#options
    const key = keys.keyOf(test)
    giveScope(test, key, this)
    send({ type: 'test-began', key, titles: titlesOf(test) })
  }

  #onHook(hook: Mocha.Hook): void {
    if (isAroundSuite(hook)) this.#flush()
    this.#hookStartedAt = now()
    const test = isAroundSuite(hook) ? undefined : this.#current?.test
    giveScope(hook, test && this.#options.keys.keyOf(test), this)
  }

  #fail(runnable: Mocha.Runnable, error: unknown): void {
    this.#settle({ outcome: 'failed', error: this.#failure(error, runnable) })
  }

  #failHook(hook: Mocha.Hook, error: unknown): void {
    const failure = this.#failure(error, hook)
    if (isAroundSuite(hook)) {
      this.#flush()
      const suite = hook.parent
      this.#options.send({
        type: 'hook-failed',
        titles: [...(suite === undefined ? [] : titlesOf(suite)), hookName(hook)],
        durationMs: now() - this.#hookStartedAt,
        error: failure,
        affected: isBefore(hook) && suite !== undefined ? this.#keysBelow(suite) : [],
      })
    } else if (this.#current?.result?.outcome === 'failed') {
      this.#options.send({ type: 'note', message: `${hook.title} failed too: ${failure.message}` })
    } else {
      this.#settle({ outcome: 'failed', error: failure })
    }
  }

  #failure(error: unknown, runnable: Mocha.Runnable): SerializedError {
    const scope = this.#scope
    const failure = toFailure(
      error,
      runnable,
      scope === undefined ? [] : this.#options.calls.waitingFor(scope),
    )
    // After a timeout the body still runs; it must not reach the boards any more.
    if (scope !== undefined) this.ended(scope)
    return failure
  }

  #settle(result: CurrentTest['result']): void {
    if (this.#current !== undefined) this.#current.result = result
  }

  #flush(): void {
    const current = this.#current
    this.#current = undefined
    if (current?.result === undefined) return
    const { test, startedAt, result } = current
    const { keys, send, attemptsBefore } = this.#options
    send({
      type: 'test-result',
      key: keys.keyOf(test),
      titles: titlesOf(test),
      durationMs: test.duration ?? now() - startedAt,
      maximumAttempts: attemptsBefore(test) + test.retries() + 1,
      ...result,
    })
  }

  #keysBelow(suite: Mocha.Suite): readonly string[] {
    return testsBelow(suite).map((test) => this.#options.keys.keyOf(test))
  }
}

function isHook(runnable: Mocha.Runnable): runnable is Mocha.Hook {
  return (runnable as { type?: string }).type === 'hook'
}

/** mocha names hooks by their kind: `"before each" hook: ...`. */
function isAroundSuite({ title }: Mocha.Hook): boolean {
  return title.startsWith('"before all"') || title.startsWith('"after all"')
}

function isBefore({ title }: Mocha.Hook): boolean {
  return title.startsWith('"before')
}

/** Without what mocha adds while it runs: ` in "suite"`. */
function hookName(hook: Mocha.Hook): string {
  return (hook as { originalTitle?: string }).originalTitle ?? hook.title
}
