import type { BuildRecord } from '../../core/bisection-record.ts'
import type { CommitGraph } from './commit-graph.ts'
import type { SearchProblem } from './evidence.ts'

/**
 * The problem without the commits that can't have made the change, because of two that make the very same kernel:
 * these behave alike, so either both contain the change or neither does.
 */
export function withoutSameKernels(
  problem: SearchProblem,
  builds: readonly Pick<BuildRecord, 'commit' | 'identity'>[],
): SearchProblem {
  const excluded = new Set(problem.excluded)
  const firsts = new Map<string, Uint8Array>()
  for (const { commit, identity } of builds) {
    if (identity === undefined) continue
    const contained = containedIn(problem.graph, commit)
    const first = firsts.get(identity)
    if (first === undefined) firsts.set(identity, contained)
    else excludeBetween(contained, first, problem.graph, excluded)
  }
  return { ...problem, excluded }
}

function containedIn(graph: CommitGraph, commit: string): Uint8Array {
  const index = graph.indexOf(commit)
  return index === undefined ? new Uint8Array(graph.size) : graph.ancestorsOf(index)
}

function excludeBetween(a: Uint8Array, b: Uint8Array, graph: CommitGraph, excluded: Set<string>): void {
  for (const each of a.keys()) if (a[each] !== b[each]) excluded.add(graph.idOf(each))
}
