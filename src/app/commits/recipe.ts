import type { Deadline } from '../../core/deadline.ts'
import type { BoardSpec } from '../../environment/environment.ts'
import type { PayloadSettings } from '../../environment/payload-settings.ts'
import type { PackedByMake } from './packed-by-make.ts'
import type { Worktree } from './worktree/worktree.ts'

/** What making a commit has left in its work tree. */
export type Made =
  /** A payload, the same for all boards. */
  | { readonly payload: string }
  /** What a payload for a board is to be made of. */
  | {
      readonly settings: (board: BoardSpec) => PayloadSettings
      /** What the tree's own make packed for a board, where it did: it takes the place of kernel, device tree and modules. */
      readonly packed?: (board: BoardSpec) => Promise<PackedByMake | undefined>
      /** What a person should know, in sentences. */
      readonly notes?: readonly string[]
    }
  /** Why it can't be tested, in a sentence. */
  | { readonly obstacle: string }

/** How a commit that is checked out becomes something that boots. */
export interface Recipe {
  /** All that the outcome depends on beside the files of the commit: plain data. */
  readonly key: unknown
  /** Files outside of the commits that become a part of payloads. */
  readonly files: readonly string[]
  /** Added to the kernel's command line. */
  readonly bootargs: readonly string[]
  /**
   * @param log where what is printed goes
   * @throws HilError for what is not the commit's fault
   */
  make(worktree: Worktree, commit: string, log: string, t: Deadline): Promise<Made>
}
