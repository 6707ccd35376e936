import type { CommitDescription } from '../../core/bisection-record.ts'
import type { Deadline } from '../../core/deadline.ts'
import type { BoardSpec } from '../../environment/environment.ts'

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
  /** What identifies the content of the commits and of the earlier ends. */
  readonly trees: ReadonlyMap<string, string>
  readonly describe: (commits: readonly string[]) => Promise<readonly CommitDescription[]>
  /** All parents, those behind the earlier end included; of a merge that counts as one commit only the first. */
  readonly parentsOf: (commit: string) => Promise<readonly string[]>
}

/** What came of building one commit. */
export type Built =
  | {
      /** What the kernel is, in one hash: equal ones are the same kernel. */
      readonly identity: string
      /** Directory of a payload for this board; it stays as it is until the bisection is over. */
      readonly payloadFor: (board: BoardSpec) => string
      readonly isCached: boolean
      /** What a person should know, in sentences. */
      readonly notes: readonly string[]
    }
  | {
      /** Why this commit can't be tested, in a sentence; what was printed is in the log. */
      readonly obstacle: string
    }

/** Makes payloads of commits, one after the other. */
export interface CandidateBuilder {
  /**
   * @param commit a commit, or the id of a revert
   * @param log where what is printed goes
   * @throws HilError where not the commit is to blame: the disk is full, a program is missing
   */
  build(commit: string, log: string, t: Deadline): Promise<Built>
  /** Whether a build would find all there, from an earlier one. */
  isCached(commit: string): boolean
  /** Removes the work tree; what was built stays in the cache. */
  close(): Promise<void>
}
