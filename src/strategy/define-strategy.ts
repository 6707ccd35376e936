import { HilError } from '../core/errors.ts'
import { parseDuration } from '../core/duration.ts'
import { findStrategyProblems } from './strategy-problems.ts'
import type { States, Strategy, StrategyDefinition } from './strategy.ts'

const defaultResetBudget = '30s'
const defaultProbeBudget = '5s'

/**
 * Defines a strategy: the states of a board and the ways between them.
 *
 * The states and what each offers are given first, as a type, so that a wrong state name or a wrong
 * handle does not compile:
 *
 *     export default defineStrategy<{ off: undefined; shell: Shell }>()({ name: 'mine', ... })
 *
 * @throws HilError `strategy.invalid` (environment) that lists everything that is wrong
 */
export function defineStrategy<S extends States>() {
  return (definition: StrategyDefinition<S>): Strategy => {
    const problems = findStrategyProblems(definition)
    if (problems.length > 0) {
      const { name } = definition
      throw new HilError('strategy.invalid', `the strategy "${name}" is wrong: ${problems.join('; ')}`, {
        blame: 'environment',
        details: { strategy: name, problems },
      })
    }
    return toStrategy(definition)
  }
}

function toStrategy<S extends States>(definition: StrategyDefinition<S>): Strategy {
  const { resetBudget = defaultResetBudget, probeBudget = defaultProbeBudget } = definition
  return Object.freeze({
    name: definition.name,
    states: Object.entries<string>(definition.states).map(([name, description]) => ({ name, description })),
    rest: definition.rest,
    edges: definition.edges.map((edge) => ({
      from: edge.from,
      to: edge.to,
      budgetMs: milliseconds(edge.budget),
      retries: edge.retries ?? 0,
      resets: edge.resets ?? false,
      enter: edge.enter.bind(edge),
    })),
    resetBudgetMs: milliseconds(resetBudget),
    probeBudgetMs: milliseconds(probeBudget),
    reset: definition.reset.bind(definition),
    probe: definition.probe.bind(definition),
  })
}

function milliseconds(budget: string): number {
  return parseDuration(budget) ?? 0
}
