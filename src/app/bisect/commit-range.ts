import type { CommitDescription } from '../../core/bisection-record.ts'

export interface RangeCommit {
  readonly id: string
  readonly parents: readonly string[]
}

/** The commits between two ends, and all that is to be known of them. */
export interface CommitRange {
  /** Parents before children; the last one is the later end. Parents that are not among them are behind the other end. */
  readonly commits: readonly RangeCommit[]
  /**
   * Commits behind the range which all have to be as its earlier end is: those that were given, and where the history
   * of the later end leaves theirs.
   */
  readonly earlierEnds: readonly string[]
  /** Commits of the range that can't have made the change: the later end, if it touches none of the paths looked at. */
  readonly excluded: ReadonlySet<string>
  /** Commits that do not contain the earlier end, and the newest commit of its history that they contain. */
  readonly origins: ReadonlyMap<string, string>
  /** What identifies the content of the commits and of the earlier ends. */
  readonly trees: ReadonlyMap<string, string>
  readonly describe: (commits: readonly string[]) => Promise<readonly CommitDescription[]>
  /** All parents, those behind the earlier end included; of a merge that counts as one commit only the first. */
  readonly parentsOf: (commit: string) => Promise<readonly string[]>
}
