import type { Deadline } from '../core/deadline.ts'
import type { Answering } from './answering.ts'
import type { CommandRunner } from './command-runner.ts'
import type { Console } from './console.ts'

/** A POSIX-like shell in the booted userspace. */
export interface Shell extends CommandRunner {
  /** Tells its type from a bootloader's prompt, which runs commands as well. */
  readonly kind: 'shell'
  /** Gives the terminal back as it was and the line with it; this handle is revoked. */
  leave(t: Deadline): Promise<Console>
}

/**
 * How to get from a booting kernel to a shell: login prompt, password, or a shell without login. A login prompt that
 * answers is logged in at.
 */
export interface ShellDriver extends Answering<Shell> {
  /**
   * From the first kernel line through userspace to a confirmed prompt.
   * @throws HilError `shell.no-prompt` (board) with what did come, `shell.login-refused`
   *   (environment), `kernel.stopped` (board)
   */
  login(console: Console, t: Deadline): Promise<Shell>
}
