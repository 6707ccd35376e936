import type Mocha from 'mocha'
import { now } from '../../core/clock.ts'
import type { SerializedError } from '../../core/errors.ts'
import type { TestResult } from '../group/protocol.ts'
import { allowedIn } from '../spec/requirements.ts'
import type { Scope } from '../spec/scope.ts'
import type { Send } from './channel.ts'
import { toFailure } from './failure.ts'
import { testsBelow } from './load-spec.ts'
import { onLimit } from './limit-watch.ts'
import type { ParentCalls } from './parent-calls.ts'
import { giveScope, type ScopeEvents, type ScopeOwner } from './scoped-runnables.ts'
import { titlesOf, type TestKeys } from './test-keys.ts'

/** One pass over a file. */
export interface Pass {
  readonly runner: Mocha.Runner
  readonly keys: TestKeys
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
  readonly #calls: ParentCalls
  readonly #send: Send
  #pass: Pass | undefined
  #current: CurrentTest | undefined
  #scope: Scope | undefined
  #limitWatch: Disposable | undefined
  #hookStartedAt = 0

  constructor(calls: ParentCalls, send: Send) {
    this.#calls = calls
    this.#send = send
  }

  /** Watches a pass from now on. There is one at a time, and bodies keep the scope they were given in the first one. */
  observe(pass: Pass): void {
    this.#pass = pass
    const { runner } = pass
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
    const runnable = this.#pass?.runner.currentRunnable
    const tellLimit = () => {
      this.#send({ type: 'busy', timeoutMs: runnable?.timeout() ?? 0 })
    }
    tellLimit()
    this.#limitWatch?.[Symbol.dispose]()
    this.#limitWatch = runnable && onLimit(runnable, tellLimit)
  }

  ended(scope: Scope): void {
    scope.end()
    this.#calls.cancel(scope)
    if (this.#scope !== scope) return
    this.#scope = undefined
    this.#limitWatch?.[Symbol.dispose]()
    this.#send({ type: 'idle' })
  }

  async failed(error: unknown): Promise<void> {
    const runnable = this.#pass?.runner.currentRunnable
    if (runnable !== undefined) await this.#calls.debug(toFailure(error, runnable, []))
  }

  #begin(test: Mocha.Test): void {
    this.#flush()
    this.#current = { test, startedAt: now(), result: undefined }
    giveScope(test, () => this.#owner(), this)
    const key = this.#keyOf(test)
    this.#send({ type: 'test-began', key, titles: titlesOf(test), allow: allowedIn(test) })
  }

  #onHook(hook: Mocha.Hook): void {
    if (isAroundSuite(hook)) this.#flush()
    this.#hookStartedAt = now()
    giveScope(hook, () => (isAroundSuite(hook) ? undefined : this.#owner()), this)
  }

  /** The test to which the body that begins now belongs; a hook has another one each time. */
  #owner(): ScopeOwner | undefined {
    const test = this.#current?.test
    return test && { key: this.#keyOf(test), title: test.fullTitle() }
  }

  #fail(runnable: Mocha.Runnable, error: unknown): void {
    const failure = this.#failure(error, runnable)
    if (this.#current !== undefined) this.#settle({ outcome: 'failed', error: failure })
    else this.#failOutside([...titlesOf(runnable), 'after its end'], failure, [])
  }

  #failHook(hook: Mocha.Hook, error: unknown): void {
    const failure = this.#failure(error, hook)
    if (isAroundSuite(hook)) {
      this.#flush()
      const suite = hook.parent
      const titles = [...(suite === undefined ? [] : titlesOf(suite)), hookName(hook)]
      this.#failOutside(titles, failure, isBefore(hook) && suite !== undefined ? testsBelow(suite) : [])
    } else if (this.#current?.result?.outcome === 'failed') {
      this.#send({ type: 'note', message: `${hook.title} failed too: ${failure.message}` })
    } else {
      this.#settle({ outcome: 'failed', error: failure })
    }
  }

  /** Something failed that is no test; `affected` will not run because of it. */
  #failOutside(titles: readonly string[], error: SerializedError, affected: readonly Mocha.Test[]): void {
    this.#send({
      type: 'hook-failed',
      titles,
      durationMs: now() - this.#hookStartedAt,
      error,
      affected: affected.map((test) => this.#keyOf(test)),
    })
  }

  #failure(error: unknown, runnable: Mocha.Runnable): SerializedError {
    const scope = this.#scope
    const failure = toFailure(error, runnable, scope === undefined ? [] : this.#calls.waitingFor(scope))
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
    this.#send({
      type: 'test-result',
      key: this.#keyOf(test),
      titles: titlesOf(test),
      durationMs: test.duration ?? now() - startedAt,
      maximumAttempts: (this.#pass?.attemptsBefore(test) ?? 0) + test.retries() + 1,
      ...result,
    })
  }

  #keyOf(test: Mocha.Test): string {
    return this.#pass?.keys.keyOf(test) ?? ''
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
