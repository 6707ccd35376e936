import assert from 'node:assert/strict'
import type { Bootloader } from '../../../src/board/bootloader.ts'
import type { Console } from '../../../src/board/console.ts'
import type { Shell } from '../../../src/board/shell.ts'
import { HilError } from '../../../src/core/errors.ts'
import { defineStrategy } from '../../../src/strategy/define-strategy.ts'
import type { States, StrategyDefinition } from '../../../src/strategy/strategy.ts'

const never = (): Promise<never> => Promise.reject(new Error('not run in this test'))

const base = {
  name: 'mine',
  states: { off: 'without power', up: 'at a shell' },
  rest: 'off',
  reset: never,
  probe: never,
} as const

/** What plain JavaScript can say, where no compiler looks. */
function define(definition: Partial<Record<keyof StrategyDefinition<States>, unknown>>) {
  return defineStrategy<States>()({ ...base, edges: [], ...definition } as StrategyDefinition<States>)
}

function problemsOf(definition: Parameters<typeof define>[0]): unknown {
  try {
    define(definition)
  } catch (error) {
    assert.ok(error instanceof HilError)
    assert.equal(error.code, 'strategy.invalid')
    assert.equal(error.blame, 'environment')
    return error.details['problems']
  }
  return assert.fail('it was accepted')
}

describe('defineStrategy', () => {
  const up = { from: 'off', to: 'up', budget: '30s', enter: never }

  it('keeps states in their order, with budgets in milliseconds and defaults filled in', () => {
    const strategy = define({ edges: [up] })
    assert.deepEqual(strategy.states, [
      { name: 'off', description: 'without power' },
      { name: 'up', description: 'at a shell' },
    ])
    const [edge] = strategy.edges
    assert.deepEqual([edge?.budgetMs, edge?.retries], [30_000, 0])
    assert.deepEqual([strategy.resetBudgetMs, strategy.probeBudgetMs], [30_000, 5_000])
  })

  it('refuses names that are not in states, with the one that was meant', () => {
    assert.deepEqual(problemsOf({ edges: [up, { ...up, from: 'of', to: 'up' }], rest: 'off' }), [
      'the edge of -> up names the state "of", which is not in states; did you mean "off"?',
    ])
    assert.deepEqual(problemsOf({ edges: [up], rest: 'nowhere' }), [
      'rest names the state "nowhere", which is not in states',
      'the state "off" cannot be reached from "nowhere"',
      'the state "up" cannot be reached from "nowhere"',
    ])
  })

  it('refuses a state that nothing leads to', () => {
    assert.deepEqual(problemsOf({ edges: [{ ...up, from: 'up', to: 'off' }] }), [
      'the state "up" cannot be reached from "off"',
    ])
  })

  it('refuses an edge that is there twice, leads nowhere or has a wrong number of retries', () => {
    assert.deepEqual(
      problemsOf({ edges: [up, up, { ...up, to: 'off' }, { ...up, from: 'up', to: 'off', retries: -1 }] }),
      [
        'the edge off -> up is there twice',
        'the edge off -> off leads nowhere',
        'the edge up -> off has retries -1; write 0 or a whole number',
      ],
    )
  })

  it('refuses a budget that is no duration, or no time at all', () => {
    assert.deepEqual(problemsOf({ edges: [{ ...up, budget: '30 parsec' }], resetBudget: '0s' }), [
      'the edge off -> up has the budget "30 parsec"; write a duration such as 30s or 2 min',
      'resetBudget has the budget "0s"; write a duration such as 30s or 2 min',
    ])
  })
})

/** These are checked by `tsc`: a wrong name or handle does not compile. They are never run. */
export function typeTests(): void {
  type Mine = { off: undefined; bootloader: Bootloader; up: Shell }
  const mine = defineStrategy<Mine>()
  const states = { off: '', bootloader: '', up: '' }
  const rest = { name: 'mine', states, rest: 'off', reset: never, probe: never } as const
  mine({
    ...rest,
    edges: [
      {
        from: 'off',
        to: 'bootloader',
        budget: '1s',
        enter: (board, _off, t) => board.bootloader.interrupt(board.takeConsole(''), t),
      },
      {
        from: 'bootloader',
        to: 'up',
        budget: '1s',
        enter: async (board, bootloader, t) =>
          board.shell.login(await bootloader.boot(await board.plan(t), t), t),
      },
    ],
  })
  // @ts-expect-error a state that is not one
  mine({ ...rest, edges: [{ from: 'off', to: 'bootlaoder', budget: '1s', enter: never }] })
  // @ts-expect-error an edge from a state to itself
  mine({ ...rest, edges: [{ from: 'off', to: 'off', budget: '1s', enter: never }] })
  mine({
    ...rest,
    edges: [
      // @ts-expect-error the handle of another state
      {
        from: 'off',
        to: 'up',
        budget: '1s',
        enter: (board, _off, t) => board.bootloader.interrupt(board.takeConsole(''), t),
      },
    ],
  })
  mine({
    ...rest,
    edges: [
      {
        from: 'off',
        to: 'up',
        budget: '1s',
        enter: (board, off, t) => {
          // @ts-expect-error `off` has no handle
          const console: Console = off
          return board.shell.login(console, t)
        },
      },
    ],
  })
  // @ts-expect-error not all states are described
  mine({ ...rest, states: { off: '', up: '' }, edges: [] })
  // @ts-expect-error a rest that is no state
  mine({ ...rest, rest: 'on', edges: [] })
  // @ts-expect-error a probe that finds a state that is not one
  mine({ ...rest, probe: () => Promise.resolve({ state: 'on', handle: undefined }), edges: [] })
}
