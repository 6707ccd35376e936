import type { Deadline } from '../../core/deadline.ts'
import type { BoardSpec } from '../../environment/environment.ts'

/** What came of building one commit. */
export type Built =
  | {
      /** What the kernel is, in one hash: equal ones are the same kernel. */
      readonly identity: string
      /** Directory of a payload for this board; it stays as it is until the builder is closed. */
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
