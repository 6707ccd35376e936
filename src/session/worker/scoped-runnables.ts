import { Scope, runInScope } from '../spec/scope.ts'

/** What happens around the body of each test and hook. */
export interface ScopeEvents {
  began(scope: Scope): void
  ended(scope: Scope): void
  /** A body threw; its test goes on when this is over. */
  failed(error: unknown): Promise<void>
}

type Body = (this: Mocha.Context, done?: Mocha.Done) => unknown

type Owner = () => ScopeOwner | undefined

const scoped = new WeakSet<object>()

/** The test that a body belongs to. */
export interface ScopeOwner {
  readonly key: string
  readonly title: string
}

/** Lets the body of a test or hook run in a scope of its own. @param owner `undefined` for hooks around a suite */
export function giveScope(
  runnable: Mocha.Runnable,
  owner: () => ScopeOwner | undefined,
  events: ScopeEvents,
): void {
  const body = (runnable as { fn?: Body }).fn
  // A test without body is pending; a copy that mocha makes to try again has its scope already.
  if (body === undefined || scoped.has(body)) return
  const isCallbackStyle = Boolean((runnable as { async?: unknown }).async)
  const wrapped = isCallbackStyle ? withCallback(body, events, owner) : withPromise(body, events, owner)
  scoped.add(wrapped)
  ;(runnable as { fn?: Body }).fn = wrapped
}

function open(context: Mocha.Context, events: ScopeEvents, owner: Owner): Scope {
  const runnable = context.test
  const test = owner()
  const title = test?.title ?? runnable?.title ?? ''
  const scope = new Scope(title, test?.key, () => runnable?.timeout() ?? 0)
  events.began(scope)
  return scope
}

function withPromise(body: Body, events: ScopeEvents, owner: Owner): Body {
  return async function (this: Mocha.Context) {
    const scope = open(this, events, owner)
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
function withCallback(body: Body, events: ScopeEvents, owner: Owner): Body {
  return function (this: Mocha.Context, done?: Mocha.Done) {
    const scope = open(this, events, owner)
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
