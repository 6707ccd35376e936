import type { Console } from '../../../board/console.ts'
import type { Deadline } from '../../../core/deadline.ts'
import type { KernelLineSign } from '../../../kernel/take-out-kernel-lines.ts'
import type { Marked } from './until-mark.ts'

/** A way to have a shell run lines, one after the other. */
export interface Channel {
  /** Longest line of printable ASCII it takes, in characters. */
  readonly maximumLine: number
  /** Runs one line. The text begins with the line end that the terminal echoes. */
  exchange(line: string, t: Deadline): Promise<Marked>
  /** What tells lines of the kernel in what an exchange read that began at `at`, a time of `core/clock.ts`. */
  kernelSign(at: number): KernelLineSign
  /** Stops what runs. @returns whether lines are run again */
  winBack(): Promise<boolean>
  /** Gives the terminal and the shell that was found back as they were, at its prompt. */
  leave(t: Deadline): Promise<void>
}

export interface ChannelOptions {
  readonly console: Console
  /** For messages: `the shell of rock3a`. */
  readonly where: string
  /** The prompt of the shell as it was found, the end of what has arrived included. */
  readonly prompt: RegExp
  readonly loginPrompt: RegExp
  /** The command that starts a shell, as the shell that was found expands it. */
  readonly program: string | undefined
  readonly echoMs: number
  readonly recoverMs: number
}
