import type { CommandResult, RunOptions } from '../board/command-runner.ts'
import type { Match, Pattern } from '../board/console.ts'
import type { PowerState } from '../board/power-switch.ts'

/** How long a call may take, in milliseconds; absent: the environment's `timeouts.command`. */
export interface CallTime {
  readonly timeoutMs?: number
}

export type CommandCall = CallTime & RunOptions

/**
 * What a spec can ask of a board: implemented where the board is (`BoardService`), called from the
 * spec's process by name. Arguments and results are plain data and regular expressions.
 */
export interface BoardCalls {
  goto(state: string): Promise<void>
  runInShell(command: string, options: CommandCall): Promise<CommandResult>
  runInBootloader(command: string, options: CommandCall): Promise<CommandResult>
  expect(patterns: Readonly<Record<string, Pattern>>, options: CallTime): Promise<Match>
  write(data: string | Uint8Array, options: CallTime): Promise<void>
  sendBreak(options: CallTime): Promise<void>
  lastLines(count: number): Promise<readonly string[]>
  powerOn(): Promise<void>
  powerOff(): Promise<void>
  powerCycle(): Promise<void>
  powerState(): Promise<PowerState>
}

export type BoardMethod = keyof BoardCalls

/** Calls one of them by name. */
export type CallBoard = <Method extends BoardMethod>(
  method: Method,
  ...args: Parameters<BoardCalls[Method]>
) => Promise<Awaited<ReturnType<BoardCalls[Method]>>>

/** Who calls: what is left of the time of the test or hook, and how it is called in messages. */
export interface Caller {
  readonly title: string
  /** Milliseconds; `Infinity` where the test has no limit. */
  readonly remainingMs: number
}
