import type { BoardRequirement, TestBegan } from '../group/protocol.ts'
import { specLink } from './link.ts'

/** What the hooks that `useBoard` makes are for. */
const requirementOfHook = new WeakMap<object, BoardRequirement>()
const requirementsOfSuite = new WeakMap<Mocha.Suite, readonly BoardRequirement[]>()

export function rememberRequirement(hook: object, requirement: BoardRequirement): void {
  requirementOfHook.set(hook, requirement)
}

/**
 * Finds the requirements of every suite once a file is loaded, before anything wraps its hooks, and
 * lets the hooks around a suite have their boards, too.
 */
export function indexRequirements(suite: Mocha.Suite, hasBoards = false): void {
  const requirements = hooksOf(suite, 'beforeEach').flatMap(({ fn }) => requirementOfHook.get(fn) ?? [])
  requirementsOfSuite.set(suite, requirements)
  const hasBoardsHere = hasBoards || requirements.length > 0
  if (hasBoardsHere) bringBoardsFirst(suite)
  for (const inner of suite.suites) indexRequirements(inner, hasBoardsHere)
}

function bringBoardsFirst(suite: Mocha.Suite): void {
  const hooks = hooksOf(suite, 'beforeAll')
  if (hooks.length === 0) return
  suite.beforeAll('boards', function () {
    this.timeout(0)
    return bringBoardsForSuite(suite)
  })
  const added = hooks.pop()
  if (added !== undefined) hooks.unshift(added)
}

/** The suite's own list (mocha 12, lib/suite.js; its types leave it out). */
function hooksOf(suite: Mocha.Suite, name: 'beforeAll' | 'beforeEach'): HookWithBody[] {
  return (suite as Mocha.Suite & { getHooks(name: string): HookWithBody[] }).getHooks(name)
}

interface HookWithBody {
  readonly fn: object
}

/** What kernels may say while a test runs. */
export function allowedIn(test: Mocha.Test): TestBegan['allow'] {
  return suitesAround(test.parent)
    .flatMap((suite) => requirementsOfSuite.get(suite) ?? [])
    .filter(({ allow }) => allow.length > 0)
    .map(({ board, allow }) => ({ board, allow }))
}

/**
 * Brings every board that a test needs to its state, all at once.
 * @throws the first error of a board that did not get there
 */
export async function bringBoards(test: Mocha.Test | undefined): Promise<void> {
  const suites = suitesAround(test?.parent)
  const failure = takeFailure(suites)
  if (failure !== undefined) throw failure.error
  await bringAll(suites)
}

/**
 * The same for the hooks around a suite. They run in any case, and find out; the failure is kept
 * for the first test, which has to fail by it. The test after that one tries again.
 */
async function bringBoardsForSuite(suite: Mocha.Suite): Promise<void> {
  const suites = suitesAround(suite)
  if (failed !== undefined && suites.includes(failed.suite)) return
  try {
    await bringAll(suites)
  } catch (error) {
    failed = { suite, error }
  }
}

let failed: { readonly suite: Mocha.Suite; readonly error: unknown } | undefined

function takeFailure(suites: readonly Mocha.Suite[]): typeof failed {
  const failure = failed
  failed = undefined
  return failure !== undefined && suites.includes(failure.suite) ? failure : undefined
}

async function bringAll(suites: readonly Mocha.Suite[]): Promise<void> {
  const link = specLink('useBoard')
  const results = await Promise.allSettled(
    [...statesFor(suites)].map(([board, state]) => link.call(board, 'goto', [state])),
  )
  const failure = results.find((result) => result.status === 'rejected')
  if (failure !== undefined) throw failure.reason
}

/** Board -> state; of several `useBoard` calls for one board the innermost counts. */
function statesFor(suites: readonly Mocha.Suite[]): ReadonlyMap<string, string> {
  const states = new Map<string, string>()
  for (const suite of suites) {
    for (const { board, state } of [...(requirementsOfSuite.get(suite) ?? [])].reverse()) {
      const { name } = specLink('useBoard').board(board)
      if (state !== undefined && !states.has(name)) states.set(name, state)
    }
  }
  return states
}

/** The innermost first. */
function suitesAround(suite: Mocha.Suite | undefined): readonly Mocha.Suite[] {
  return suite === undefined ? [] : [suite, ...suitesAround(suite.parent)]
}
