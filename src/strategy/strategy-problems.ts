import { didYouMean } from '../core/did-you-mean.ts'
import { parseDuration } from '../core/duration.ts'
import { planPath } from './plan-path.ts'

/** What a definition names, whatever its states are. */
interface Named {
  readonly states: Readonly<Record<string, string>>
  readonly rest: string
  readonly edges: readonly {
    readonly from: string
    readonly to: string
    readonly budget: string
    readonly retries?: number
  }[]
  readonly resetBudget?: string
  readonly probeBudget?: string
}

/** Everything that is wrong with a definition, one clause each. The compiler finds most of it, but not in plain JavaScript. */
export function findStrategyProblems(definition: Named): readonly string[] {
  return [
    ...unknownNames(definition),
    ...badEdges(definition),
    ...badBudgets(definition),
    ...unreachableStates(definition),
  ]
}

function unknownNames({ states, rest, edges }: Named): readonly string[] {
  const known = Object.keys(states)
  const named: readonly (readonly [name: string, where: string])[] = [
    [rest, 'rest'],
    ...edges.flatMap(({ from, to }) => [
      [from, `the edge ${from} -> ${to}`] as const,
      [to, `the edge ${from} -> ${to}`] as const,
    ]),
  ]
  return named
    .filter(([name]) => !known.includes(name))
    .map(
      ([name, where]) =>
        `${where} names the state "${name}", which is not in states${didYouMean(name, known)}`,
    )
}

function badEdges({ edges }: Named): readonly string[] {
  const seen = new Set<string>()
  return edges.flatMap(({ from, to, retries = 0 }) => {
    const edge = `${from} -> ${to}`
    const isTwice = seen.has(edge)
    seen.add(edge)
    return [
      ...(isTwice ? [`the edge ${edge} is there twice`] : []),
      ...(from === to ? [`the edge ${edge} leads nowhere`] : []),
      ...(Number.isInteger(retries) && retries >= 0
        ? []
        : [`the edge ${edge} has retries ${retries}; write 0 or a whole number`]),
    ]
  })
}

function badBudgets({ edges, resetBudget, probeBudget }: Named): readonly string[] {
  const budgets: readonly (readonly [budget: string | undefined, where: string])[] = [
    ...edges.map(({ from, to, budget }) => [budget, `the edge ${from} -> ${to}`] as const),
    [resetBudget, 'resetBudget'],
    [probeBudget, 'probeBudget'],
  ]
  return budgets
    .filter(([budget]) => budget !== undefined && !((parseDuration(budget) ?? 0) > 0))
    .map(([budget, where]) => `${where} has the budget "${budget}"; write a duration such as 30s or 2 min`)
}

function unreachableStates({ states, rest, edges }: Named): readonly string[] {
  const ways = edges.map(({ from, to }) => ({ from, to, budgetMs: 1 }))
  return Object.keys(states)
    .filter((state) => planPath(ways, rest, state) === undefined)
    .map((state) => `the state "${state}" cannot be reached from "${rest}"`)
}
