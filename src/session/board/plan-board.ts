import { didYouMean } from '../../core/did-you-mean.ts'
import { HilError } from '../../core/errors.ts'
import type { BoardSpec } from '../../environment/environment.ts'
import { loadStrategy, shippedStrategies } from '../../strategy/load-strategy.ts'
import type { Strategy } from '../../strategy/strategy.ts'
import type { BoardPlan } from './held-boards.ts'

/**
 * A board with its strategy.
 * @throws HilError `strategy.*` (environment), also for a time of a state that there is not
 */
export async function planBoard(spec: BoardSpec): Promise<BoardPlan> {
  const strategy = await loadStrategy(spec.strategy)
  await assertKnownStates(spec, strategy)
  return { spec, strategy }
}

/**
 * A time for a state that another strategy has is no mistake: several boards may share their times, as by `defaults`.
 */
async function assertKnownStates({ name, timeouts }: BoardSpec, strategy: Strategy): Promise<void> {
  const own = namesOf(strategy)
  const others = Object.keys(timeouts.states).filter((state) => !own.includes(state))
  if (others.length === 0) return
  const shipped = await Promise.all((await shippedStrategies()).map((each) => loadStrategy({ name: each })))
  const elsewhere = new Set(shipped.flatMap(namesOf))
  const unknown = others.find((state) => !elsewhere.has(state))
  if (unknown === undefined) return
  throw new HilError(
    'strategy.unknown-state',
    `timeouts.states of board "${name}" has "${unknown}", and no strategy has such a state; its own, "${strategy.name}", has ${own.join(', ')}${didYouMean(unknown, own)}`,
    { blame: 'environment', details: { board: name, state: unknown, states: own } },
  )
}

function namesOf({ states }: Strategy): readonly string[] {
  return states.map(({ name }) => name)
}
