import Mocha from 'mocha'
import type { FileRun } from '../group/protocol.ts'
import { keepTests, testsBelow, type LoadedSpec } from './load-spec.ts'
import type { TestObserver } from './test-observer.ts'

/** One pass over a file that can be ended early. */
export interface SpecRun {
  readonly ended: Promise<void>
  /** Ends it after its current test. */
  stop(): void
}

/** Runs the tests of a file that are not done. Results go to the parent as they come. */
export function runSpec(
  { suite, keys }: LoadedSpec,
  { done, attempts }: FileRun,
  observer: TestObserver,
): SpecRun {
  const isDone = new Set(done)
  keepTests(suite, (test) => !isDone.has(keys.keyOf(test)))
  const before = (test: Mocha.Test) => attempts[keys.keyOf(test)] ?? 0
  for (const test of testsBelow(suite)) test.retries(Math.max(0, retriesOf(test) - before(test)))

  // A pass after the first one starts from the marks the last one left.
  ;(suite as ResettableSuite).reset()
  const runner = new Mocha.Runner(suite, {})
  runner.fullStackTrace = true
  observer.observe({ runner, keys, attemptsBefore: before })
  const ended = new Promise<void>((resolve) => {
    runner.run(() => {
      runner.dispose()
      resolve()
    })
  })
  return {
    ended,
    stop: () => {
      runner.abort()
    },
  }
}

/** mocha 12, lib/suite.js; its types leave it out. */
type ResettableSuite = Mocha.Suite & { reset(): void }

/** How many retries a test has by itself, also when an earlier pass has used some. */
function retriesOf(test: Mocha.Test): number {
  const known = retries.get(test)
  if (known !== undefined) return known
  retries.set(test, test.retries())
  return test.retries()
}

const retries = new WeakMap<Mocha.Test, number>()
