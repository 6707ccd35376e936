import type { CommitGraph } from './commit-graph.ts'

export interface TestedCommits {
  /** They don't build, or fail in another way. */
  readonly untestable: ReadonlySet<string>
  /** They gave an answer. */
  readonly tested: ReadonlySet<string>
}

/** What is known before any commit was tried counts as much as half a commit that gave an answer. */
const optimism = 0.5

/**
 * How likely each commit can be tested: 0 for those that were found not to be, and less for their neighbours, because
 * what does not build is seldom broken for one commit only. So the search steps aside, as `git bisect skip` does,
 * but comes back where neighbours gave an answer.
 *
 * @param reach how far, in commits, one tells something about another
 */
export function likelyTestable(
  graph: CommitGraph,
  { untestable, tested }: TestedCommits,
  reach: number,
): Float64Array {
  if (untestable.size === 0) return new Float64Array(graph.size).fill(1)
  const broken = nearness(graph, untestable, reach)
  const sound = nearness(graph, tested, reach)
  const likely = broken.map((near, index) => 1 - near / (near + (sound[index] ?? 0) + optimism))
  for (const id of untestable) {
    const index = graph.indexOf(id)
    if (index !== undefined) likely[index] = 0
  }
  return likely
}

/** For each commit how many of the given ones are near it: 1 for itself, and less with the distance. */
function nearness(graph: CommitGraph, ids: ReadonlySet<string>, reach: number): Float64Array {
  const near = new Float64Array(graph.size)
  for (const id of ids) {
    const place = graph.indexOf(id)
    if (place === undefined) continue
    for (let index = 0; index < near.length; index++) {
      near[index] = (near[index] ?? 0) + Math.exp(-Math.abs(index - place) / reach)
    }
  }
  return near
}
