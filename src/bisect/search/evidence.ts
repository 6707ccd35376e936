import type { CommitGraph } from './commit-graph.ts'

/** What runs of one commit have come to. Only the failure that is looked for counts as one. */
export interface Evidence {
  readonly commit: string
  readonly failures: number
  readonly passes: number
}

/** What is looked for: the commit from which on kernels fail, or the one from which on they pass. */
export type Change = 'regression' | 'fix'

/** A bisection as the search sees it. */
export interface SearchProblem {
  /** Every commit that may have made the change; the last one has it. */
  readonly graph: CommitGraph
  readonly change: Change
  /** Commits that can't have made it: they build the very kernel that their parent builds. */
  readonly excluded?: ReadonlySet<string>
  /**
   * Commits of branches that began before the end which is known to have the bug, and where they began: when a fix is
   * looked for they tell something only if the bug was there already.
   */
  readonly origins?: ReadonlyMap<string, string>
}

/** 1 for each change that would make runs of this commit fail, if it is the one. */
export function failingWith({ graph, change }: SearchProblem, commit: string): Uint8Array {
  const index = graph.indexOf(commit)
  const contained = index === undefined ? new Uint8Array(graph.size) : graph.ancestorsOf(index)
  return change === 'regression' ? contained : contained.map((bit) => 1 - bit)
}
