import { CommitGraph, type CommitNode } from './commit-graph.ts'
import type { Change, SearchProblem } from './evidence.ts'

/** The commits between two ends as plain data, for files and for other threads. */
export interface SearchRange {
  /** Parents before children; the last one is the later end. */
  readonly commits: readonly CommitNode[]
  /** Those that can't have made the change. */
  readonly excluded: readonly string[]
  /**
   * Commits that do not contain the earlier end, and the newest commit of its history that they contain. When a fix is
   * looked for, the bug may not have been there yet where they began.
   */
  readonly origins: Readonly<Record<string, string>>
}

export function toProblem({ commits, excluded, origins }: SearchRange, change: Change): SearchProblem {
  return {
    ...{ graph: new CommitGraph(commits), change, excluded: new Set(excluded) },
    // What has not got the bug of a regression passes, wherever it began.
    ...(change === 'fix' && { origins: new Map(Object.entries(origins)) }),
  }
}
