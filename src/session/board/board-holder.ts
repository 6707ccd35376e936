import type { Deadline } from '../../core/deadline.ts'
import type { HilError } from '../../core/errors.ts'
import type { BenchOutcomes } from './bench-outcomes.ts'
import { HeldBoards, type BoardPlan, type HoldOptions } from './held-boards.ts'

/** Where a run gets its boards from. */
export interface BoardHolder {
  take(plans: readonly BoardPlan[], options: HoldOptions, root: Deadline): Promise<HeldBoards>
  /** @returns what went wrong, for a run that nothing else has failed */
  giveBack(held: HeldBoards, keep: boolean, outcomes: BenchOutcomes): Promise<readonly HilError[]>
}

/** Boards are taken for one run, and released at its end. */
export const untilTheEnd: BoardHolder = {
  take: (plans, options, root) => HeldBoards.take(plans, options, root),
  giveBack: (held, keep, outcomes) => held.release(keep, outcomes),
}
