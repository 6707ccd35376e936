import type { BoardRequirement } from '../protocol.ts'
import { specLink } from './link.ts'

/** What the hooks that `useBoard` makes are for. */
const requirementOfHook = new WeakMap<object, BoardRequirement>()
const requirementsOfSuite = new WeakMap<Mocha.Suite, readonly BoardRequirement[]>()

export function rememberRequirement(hook: object, requirement: BoardRequirement): void {
  requirementOfHook.set(hook, requirement)
}

/** Finds the requirements of every suite once a file is loaded, before anything wraps its hooks. */
export function indexRequirements(suite: Mocha.Suite): void {
  const hooks = (suite as SuiteWithHooks).getHooks('beforeEach')
  const requirements = hooks.flatMap(({ fn }) => requirementOfHook.get(fn) ?? [])
  requirementsOfSuite.set(suite, requirements)
  for (const inner of suite.suites) indexRequirements(inner)
}

/** mocha 12, lib/suite.js; its types leave it out. */
type SuiteWithHooks = Mocha.Suite & { getHooks(name: string): readonly { readonly fn: object }[] }

/**
 * Brings every board that a test or a suite needs to its state, all at once. A failure for a hook
 * around a suite is kept for the first test: that one has to fail, and the next may try again.
 *
 * @throws the first error of a board that did not get there
 */
export async function bringBoards(place: Mocha.Test | Mocha.Suite | undefined): Promise<void> {
  const kept = failedForSuite
  failedForSuite = undefined
  if (kept !== undefined) throw kept.error
  const link = specLink('useBoard')
  const results = await Promise.allSettled(
    [...statesFor(place)].map(([board, state]) => link.call(board, 'goto', [state])),
  )
  const failure = results.find((result) => result.status === 'rejected')
  if (failure !== undefined) throw failure.reason
}

let failedForSuite: { readonly error: unknown } | undefined

/** The same for a hook around a whole suite, which is left to run and to find out. */
export async function bringBoardsForSuite(suite: Mocha.Suite): Promise<void> {
  if (failedForSuite !== undefined) return
  try {
    await bringBoards(suite)
  } catch (error) {
    failedForSuite = { error }
  }
}

/** Board -> state; of several `useBoard` calls for one board the innermost counts. */
function statesFor(place: Mocha.Test | Mocha.Suite | undefined): ReadonlyMap<string, string> {
  const states = new Map<string, string>()
  for (let suite = suiteOf(place); suite !== undefined; suite = suite.parent) {
    for (const { board, state } of [...(requirementsOfSuite.get(suite) ?? [])].reverse()) {
      const { name } = specLink('useBoard').board(board)
      if (state !== undefined && !states.has(name)) states.set(name, state)
    }
  }
  return states
}

function suiteOf(place: Mocha.Test | Mocha.Suite | undefined): Mocha.Suite | undefined {
  return place !== undefined && 'suites' in place ? place : place?.parent
}
