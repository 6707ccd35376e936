import type { Evidence, SearchProblem } from './evidence.ts'
import { failingWith } from './evidence.ts'
import { plogp } from './information.ts'
import { likelihood, nextFails } from './failure-rate.ts'

/** How likely each commit is to have made the change, after all runs. */
export interface Suspicion {
  /** By the commit's number; together with `everywhere` they make 1. */
  readonly of: Float64Array
  /** If it is this commit: how many runs have passed although they had the bug. */
  readonly luckyPasses: Int32Array
  /** If it is this commit: how likely a run that has the bug is to fail. */
  readonly failureRate: Float64Array
  /** That there is no such commit: that also the end which should pass has the bug, and was lucky so far. */
  readonly everywhere: number
}

/** How likely it is, before anything was run, that the end which should pass does not. */
const everywherePrior = 0.05

/**
 * Bayes' rule. Where the bug is, a run fails at an unknown rate (`failure-rate.ts`); where it is not, never,
 * because only the failure that is looked for counts. So one failure proves all commits innocent that this kernel does
 * not contain, whereas passes only make those that it contains less likely, the less the more rarely the failure shows.
 *
 * @returns undefined when the runs contradict each other: no commit explains all of them
 */
export function suspect(problem: SearchProblem, evidence: readonly Evidence[]): Suspicion | undefined {
  const { graph, excluded } = problem
  const failures = evidence.reduce((sum, each) => sum + each.failures, 0)
  const passes = new Int32Array(graph.size)
  const isPossible = new Uint8Array(graph.size).fill(1)
  for (const each of evidence) {
    const failing = failingWith(problem, each.commit)
    for (let index = 0; index < graph.size; index++) {
      if (failing[index] === 1) passes[index] = (passes[index] ?? 0) + each.passes
      else if (each.failures > 0) isPossible[index] = 0
    }
  }
  for (const id of excluded ?? []) isPossible[graph.indexOf(id) ?? graph.size] = 0

  const table = rateTable(failures)
  const prior = (1 - everywherePrior) / graph.size
  const of = new Float64Array(graph.size)
  const failureRate = new Float64Array(graph.size)
  let total = 0
  for (let index = 0; index < graph.size; index++) {
    const { weight, rate } = table(passes[index] ?? 0)
    failureRate[index] = rate
    if (isPossible[index] === 1) total += of[index] = prior * weight
  }
  const all = evidence.reduce((sum, each) => sum + each.passes, 0)
  const everywhere = everywherePrior * table(all).weight
  const scale = total + everywhere
  if (!(scale > 0)) return undefined
  return {
    of: of.map((weight) => weight / scale),
    ...{ luckyPasses: passes, failureRate, everywhere: everywhere / scale },
  }
}

/** Among how many commits, were all of them alike, the choice would be as open. */
export function suspectCount({ of, everywhere }: Suspicion): number {
  return 2 ** of.reduce((bits, probability) => bits + plogp(probability), plogp(everywhere))
}

/**
 * As if a failure always showed, where that still explains all runs: commits that a pass speaks against are left out.
 * While the range is narrowed down they would only draw the search back to what is good already; whether it
 * really is, the checks at the end tell.
 */
export function withoutLuck(suspicion: Suspicion): Suspicion {
  const { of, luckyPasses } = suspicion
  const flawless = of.map((probability, index) => (luckyPasses[index] === 0 ? probability : 0))
  const total = flawless.reduce((sum, probability) => sum + probability, 0)
  if (total === 0) return suspicion
  return { ...suspicion, of: flawless.map((probability) => probability / total), everywhere: 0 }
}

function rateTable(failures: number) {
  const known = new Map<number, { readonly weight: number; readonly rate: number }>()
  return (passes: number) => {
    const found = known.get(passes)
    if (found !== undefined) return found
    const made = { weight: likelihood(failures, passes), rate: nextFails(failures, passes) }
    known.set(passes, made)
    return made
  }
}
