import { Scope, runInScope } from '../spec/scope.ts'

/** What happens around the body of each test and hook. */
export interface ScopeEvents {
  began(scope: Scope): void
  ended(scope: Scope): void
  /** A body threw; its test goes on when this is over. */
  failed(error: unknown): Promise<void>
}

type Body = (this: Mocha.Context, done?: Mocha.Done) => unknown

const scoped = new WeakSet<object>()

/** Lets the body of a test or hook run in a scope of its own. @param test key of the test it belongs to */
export function giveScope(runnable: Mocha.Runnable, test: string | undefined, events: ScopeEvents): void {
  const body = (runnable as { fn?: Body }).fn
  // A test without body is pending; a copy that mocha makes to try again has its scope already.
  if (body === undefined || scoped.has(body)) return
  const isCallbackStyle = Boolean((runnable as { async?: unknown }).async)
  const wrapped = isCallbackStyle ? withCallback(body, events, test) : withPromise(body, events, test)
  scoped.add(wrapped)
  ;(runnable as { fn?: Body }).fn = wrapped
}

function open(context: Mocha.Context, events: ScopeEvents, test: string | undefined): Scope {
  const runnable = context.test
  const scope = new Scope(runnable?.title ?? '', test, () => runnable?.timeout() ?? 0)
  events.began(scope)
  return scope
}

function withPromise(body: Body, events: ScopeEvents, test: string | undefined): Body {
  return async function (this: Mocha.Context) {
    const scope = open(this, events, test)
    try {
      await runInScope(scope, () => body.call(this))
    } catch (error) {
      // `this.skip()` throws too.
      if (this.test?.pending !== true) await events.failed(error)
      throw error
    } finally {
      events.ended(scope)
    }
  }
}

/** mocha tells the two styles apart by the number of parameters. */
function withCallback(body: Body, events: ScopeEvents, test: string | undefined): Body {
  return function (this: Mocha.Context, done?: Mocha.Done) {
    const scope = open(this, events, test)
    const end: Mocha.Done = (error) => {
      events.ended(scope)
      done?.(error)
    }
    try {
      return runInScope(scope, () => body.call(this, end))
    } catch (error) {
      events.ended(scope)
      throw error
    }
  }
}
