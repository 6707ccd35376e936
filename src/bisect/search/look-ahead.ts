import { isRevert, resultsOf, type Bisection, type Results } from './bisection.ts'
import { decide, type Means } from './decide.ts'
import type { Probe } from './probe.ts'

/**
 * What will be run next, whichever way the probes that run now come out: for whoever builds while boards are busy.
 * The ends first, then for each running probe what follows when it fails, and when it passes.
 */
export function lookAhead(
  bisection: Bisection,
  results: Results,
  { running, times }: Means,
): readonly string[] {
  const { failingEnd, passingEnds } = bisection
  const means = (left: readonly Probe[]): Means => ({ running: left, boards: 1, ...(times && { times }) })
  const next = running
    .filter(({ commit }) => !isRevert(commit))
    .flatMap((probe) => {
      const left = running.filter((each) => each !== probe)
      return [suppose(results, probe, 'failures'), suppose(results, probe, 'passes')].flatMap((supposed) => {
        const decision = decide(bisection, supposed, means(left))
        return decision.kind === 'run' ? decision.probes.map(({ commit }) => commit) : []
      })
    })
  return [...new Set([failingEnd, ...passingEnds, ...next])]
}

function suppose(results: Results, { commit }: Probe, what: 'failures' | 'passes'): Results {
  const before = resultsOf(results, commit)
  return new Map(results).set(commit, { ...before, [what]: before[what] + 1 })
}
