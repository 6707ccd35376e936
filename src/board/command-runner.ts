import type { Deadline } from '../core/deadline.ts'

export interface CommandResult {
  readonly command: string
  readonly exitCode: number
  /** What the command printed (stdout and stderr share a console), lines ended by `\n`. */
  readonly stdout: string
  /** Kernel messages that arrived in the middle of the output, taken out of it. */
  readonly kernelLines: readonly string[]
  readonly durationMs: number
}

export interface RunOptions {
  /** Environment variables for this command alone. */
  readonly env?: Readonly<Record<string, string>>
  /** Working directory for this command alone. */
  readonly cwd?: string
}

/**
 * Something that runs commands: a bootloader's prompt or a shell. A handle exists only after its
 * prompt was seen, and throws `command.revoked` once the board has left that state.
 */
export interface CommandRunner {
  /**
   * Runs one command and waits for its end. A non-zero status is a result, not an error.
   * @throws HilError `command.timeout` (board): the command was interrupted and the prompt won
   *   back, or, where `details.recovered` is false, the state of the board is not known;
   *   `command.too-long` (test): the target can't take a line of this length;
   *   `command.garbled` (infrastructure): the echo stayed wrong after retries
   */
  run(command: string, t: Deadline, options?: RunOptions): Promise<CommandResult>
}
