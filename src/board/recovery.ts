import type { Deadline } from '../core/deadline.ts'

/**
 * A board in the mode in which its ROM, or a first loader, takes a bootloader by USB. Errors are those of the tool
 * that talks to it.
 */
export interface Recovery {
  /** Resolves when the board is there in this mode. @throws HilError `recovery.absent` (board) */
  appear(t: Deadline): Promise<void>
  /** Loads what the environment names; the board then runs it. */
  load(t: Deadline): Promise<void>
}
