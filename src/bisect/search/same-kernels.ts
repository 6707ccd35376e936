import type { CommitGraph } from './commit-graph.ts'

/**
 * Commits that can't have made the change, because of two that make the very same kernel: these behave alike, so
 * either both contain the change or neither does.
 *
 * @param identities what the kernels of commits are; of those that were built
 */
export function unchangedBetween(
  graph: CommitGraph,
  identities: ReadonlyMap<string, string>,
): ReadonlySet<string> {
  const excluded = new Set<string>()
  const firsts = new Map<string, Uint8Array>()
  for (const [id, identity] of identities) {
    const index = graph.indexOf(id)
    const contained = index === undefined ? new Uint8Array(graph.size) : graph.ancestorsOf(index)
    const first = firsts.get(identity)
    if (first === undefined) firsts.set(identity, contained)
    else
      for (const each of contained.keys()) if (contained[each] !== first[each]) excluded.add(graph.idOf(each))
  }
  return excluded
}
