import { didYouMean } from '../core/did-you-mean.ts'
import { HilError } from '../core/errors.ts'
import type { Strategy } from './strategy.ts'

/** @throws HilError `strategy.unknown-state` (environment) */
export function assertState(strategy: Pick<Strategy, 'name' | 'states'>, board: string, state: string): void {
  const names = strategy.states.map(({ name }) => name)
  if (names.includes(state)) return
  throw new HilError(
    'strategy.unknown-state',
    `the strategy "${strategy.name}" of board "${board}" has no state "${state}"${didYouMean(state, names) || `; it has ${names.join(', ')}`}`,
    { blame: 'environment', details: { state, states: names } },
  )
}
