import {
  isUntestable,
  resultsOf,
  revertId,
  type Bisection,
  type CommitResults,
  type Results,
} from './bisection.ts'
import { allPass } from './failure-rate.ts'
import type { Suspects } from './likeliest.ts'
import type { Probe, Purpose } from './probe.ts'

/** After that many failures of the failing end it is known how often it fails. */
export const failuresToMeasure = { always: 3, sometimes: 5 }

/** Runs of both ends that are still to be made, as if all of them came to what they should. */
export function missingEnds(bisection: Bisection, results: Results): readonly Probe[] {
  const { failingEnd, passingEnds, confidence, patience } = bisection
  const { failures, passes } = resultsOf(results, failingEnd)
  const needed = passes > 0 ? failuresToMeasure.sometimes : failuresToMeasure.always
  const isMeasured = failures >= needed || (failures > 0 && failures + passes >= patience)
  if (!isMeasured) return repeat(failingEnd, 'failing-end', needed - failures)
  const beginning = originOfPassing(bisection)
  const missing = beginning === undefined ? 0 : missingOrigin(bisection, results, beginning)
  if (beginning !== undefined && missing > 0) return repeat(beginning, 'origin', missing)
  const tolerated = (1 - confidence) / passingEnds.length
  return passingEnds.flatMap((commit) => {
    const passed = resultsOf(results, commit).passes
    return repeat(commit, 'passing-end', passesNeeded({ failures, passes }, tolerated) - passed)
  })
}

/** How many passes in a row make it unlikely enough that a kernel has the bug. */
export function passesNeeded(
  { failures, passes }: Pick<CommitResults, 'failures' | 'passes'>,
  tolerated: number,
): number {
  let needed = 1
  while (allPass(failures, passes, needed) > tolerated && needed < maximumPasses) needed++
  return needed
}

/** A bound for failures so rare that nobody waits for them. */
const maximumPasses = 1000

/** Runs that are still to be made before a commit is named: its parents, itself, and what is left without it. */
export function missingChecks(
  bisection: Bisection,
  results: Results,
  { commits }: Suspects,
): readonly Probe[] {
  const { search, parentsOf, checks, confidence, failingEnd, patience, revert } = bisection
  const [culprit = ''] = commits
  const before = parentsOf(culprit).map((commit): Probe => ({ commit, purpose: 'parent' }))
  const itself: readonly Probe[] = [{ commit: culprit, purpose: 'culprit' }]
  const isTestable = ({ commit }: Probe) => !isUntestable(resultsOf(results, commit))
  const sides = search.change === 'regression' ? [itself, before] : [before, itself]
  const [failing = [], passing = []] = sides.map((side) => side.filter(isTestable))

  const known = sum([failingEnd, ...failing.map(({ commit }) => commit)].map((id) => resultsOf(results, id)))
  const passesEach = Math.max(checks, passesNeeded(known, (1 - confidence) / Math.max(1, passing.length)))
  const missingPasses = passing.flatMap(({ commit, purpose }) =>
    repeat(commit, purpose, passesEach - resultsOf(results, commit).passes),
  )
  if (missingPasses.length > 0) return missingPasses
  const missingFailures = failing.flatMap(({ commit, purpose }) => {
    const { failures, passes } = resultsOf(results, commit)
    // What shows seldom is proven by showing once, and nobody waits for it for ever.
    const missing = (passes > 0 ? 1 : checks) - failures
    return repeat(commit, purpose, Math.min(missing, patience - failures - passes))
  })
  if (missingFailures.length > 0 || !revert || search.change === 'fix') return missingFailures
  return missingReverts(bisection, results, culprit, passesEach)
}

/** Where the last branch among them began, if that was before the failing end. */
export function originOf(
  { search }: Pick<Bisection, 'search'>,
  commits: readonly string[],
): string | undefined {
  return commits.map((commit) => search.origins?.get(commit)).findLast((found) => found !== undefined)
}

/** Where the history of the passing end leaves that of the failing one, if a fix is looked for and they have parted. */
export function originOfPassing({ search, passingEnds }: Bisection): string | undefined {
  return originOf({ search }, passingEnds)
}

/**
 * How many runs are missing until it is known whether the bug was there already where a branch began: only then its
 * commits tell anything.
 */
export function missingOrigin(
  { failingEnd, confidence }: Bisection,
  results: Results,
  origin: string,
): number {
  const found = resultsOf(results, origin)
  if (found.failures > 0 || isUntestable(found)) return 0
  return Math.max(0, passesNeeded(resultsOf(results, failingEnd), 1 - confidence) - found.passes)
}

function missingReverts({ failingEnd }: Bisection, results: Results, culprit: string, passes: number) {
  const id = revertId(culprit, failingEnd)
  const found = resultsOf(results, id)
  if (isUntestable(found) || found.failures > 0) return []
  return repeat(id, 'revert', passes - found.passes)
}

export function repeat(commit: string, purpose: Purpose, count: number): readonly Probe[] {
  return Array.from({ length: Math.max(0, count) }, () => ({ commit, purpose }))
}

function sum(results: readonly CommitResults[]): { readonly failures: number; readonly passes: number } {
  return {
    failures: results.reduce((total, { failures }) => total + failures, 0),
    passes: results.reduce((total, { passes }) => total + passes, 0),
  }
}
