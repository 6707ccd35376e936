import type { SearchProblem } from './evidence.ts'
import { Division } from './division.ts'
import { suspectCount, type Suspicion } from './suspicion.ts'
import { likelyTestable, type TestedCommits } from './testable.ts'

export interface ChoiceOptions extends TestedCommits {
  /** What is being run already: its outcome is not known, and must not be asked again in other words. */
  readonly running: readonly string[]
  /** How many probes are wanted at most. */
  readonly count: number
  /** How long it takes until the outcome is known, in any unit. @default all alike */
  readonly cost?: (commit: string) => number
}

/** Commits to run next, and how much they tell. */
export interface Choice {
  readonly commits: readonly string[]
  /** Bits that all of them are expected to add to what is known when all that runs has ended. */
  readonly information: number
}

/** Less than that is no reason to run anything, in bits. */
const worthwhile = 1e-5

/** So many rounds of choosing each probe anew, the others given, come close enough to the best. */
const rounds = 4

/** What share of the suspects a commit that can't be tested throws its shadow on. */
const neighbourhood = 32

/**
 * The probes that are expected to tell most about where the change is, one run each, all at once: with k of them a range
 * falls into k+1 parts. Each is chosen with the others given, until none can be bettered.
 *
 * Where the failure does not show in each run this may be a commit that was run before, or the same one several times.
 */
export function chooseProbes(problem: SearchProblem, suspicion: Suspicion, options: ChoiceOptions): Choice {
  const { running, count, cost = () => 1 } = options
  const { graph } = problem
  const reach = Math.max(1, suspectCount(suspicion) / neighbourhood)
  const weights = likelyTestable(graph, options, reach).map(
    (likely, index) => likely / cost(graph.idOf(index)),
  )
  const alone = Division.none(problem, suspicion)
  const busy = running
    .slice(0, Division.maximum - 1)
    .reduce((division, id) => division.with(graph.indexOf(id)), alone)
  const together = (probes: readonly number[]) =>
    probes.reduce((division, probe) => division.with(probe), busy)

  const chosen: number[] = []
  while (chosen.length < Math.min(count, Division.maximum - busy.probes)) {
    const next = bestNext(together(chosen), weights)
    if (next === undefined) break
    chosen.push(next)
  }
  for (let round = 0; round < rounds && chosen.length > 1; round++) {
    const last = [...chosen]
    for (const position of chosen.keys()) {
      const others = together(chosen.filter((_, index) => index !== position))
      chosen[position] = bestNext(others, weights) ?? chosen[position] ?? 0
    }
    if (chosen.every((index, position) => index === last[position])) break
  }
  return {
    commits: chosen.map((index) => graph.idOf(index)),
    information: together(chosen).information - busy.information,
  }
}

/** Sums of the same numbers in another order differ by so much at most. */
const rounding = 1e-9

/** How many commits are looked at closely where outcomes are noisy. */
const shortList = 32

function bestNext(division: Division, weights: Float64Array): number | undefined {
  const guesses = division.gains()
  const scores = guesses.map((gain, index) => gain * (weights[index] ?? 0))
  if (!division.isNoisy) {
    const best = indexOfBest(scores)
    return (guesses[best] ?? 0) > worthwhile ? best : undefined
  }
  let best: { readonly index: number; readonly score: number } | undefined
  for (const index of new Set([...bestIndexes(scores, shortList), ...division.members])) {
    const gain = division.with(index).information - division.information
    const score = gain * (weights[index] ?? 0)
    if (gain > worthwhile && score > (best?.score ?? 0) * (1 + rounding)) best = { index, score }
  }
  return best?.index
}

function indexOfBest(scores: Float64Array): number {
  let best = 0
  for (let index = 1; index < scores.length; index++) {
    if ((scores[index] ?? 0) > (scores[best] ?? 0) * (1 + rounding)) best = index
  }
  return best
}

function bestIndexes(scores: Float64Array, count: number): readonly number[] {
  const threshold = scores.toSorted().at(-count) ?? 0
  const above = [...scores.keys()].filter(
    (index) => (scores[index] ?? 0) >= Math.max(threshold, Number.MIN_VALUE),
  )
  return above.toSorted((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0)).slice(0, count)
}
