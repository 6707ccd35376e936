import type { BisectionRecord } from '../../core/bisection-record.ts'
import { resultsOf, type CommitResults, type Results } from './bisection.ts'

/**
 * What all builds and probes of a bisection came to. Those that failed by the bench's fault say nothing. Commits that
 * build the very same kernel share what came of it.
 */
export function resultsFrom({
  builds,
  probes,
  setAside,
}: Pick<BisectionRecord, 'builds' | 'probes' | 'setAside'>): Results {
  const kernels = new Map<string, string>()
  for (const { commit, identity } of builds) {
    if (identity !== undefined && !kernels.has(identity)) kernels.set(identity, commit)
  }
  const firsts = new Map(
    builds.map(({ commit, identity }) => [commit, kernels.get(identity ?? '') ?? commit]),
  )
  const first = (commit: string) => firsts.get(commit) ?? commit

  const results = new Map<string, CommitResults>()
  const hinder = (commit: string, obstacle: string) => {
    results.set(first(commit), { ...resultsOf(results, first(commit)), obstacle })
  }
  for (const { commit, obstacle } of builds) if (obstacle !== undefined) hinder(commit, obstacle)
  for (const [commit, why] of Object.entries(setAside)) hinder(commit, why)
  for (const { commit, outcome, why } of probes) {
    const before = resultsOf(results, first(commit))
    switch (outcome) {
      case 'pass':
        results.set(first(commit), { ...before, passes: before.passes + 1 })
        break
      case 'fail':
        results.set(first(commit), { ...before, failures: before.failures + 1 })
        break
      case 'other':
        results.set(first(commit), { ...before, otherFailures: before.otherFailures + 1 })
        break
      case 'untestable':
        hinder(commit, why)
        break
      case 'infrastructure':
        break
    }
  }
  for (const [commit, kernel] of firsts) {
    const shared = results.get(kernel)
    if (shared !== undefined) results.set(commit, shared)
  }
  return results
}
