import type { CommandResult, RunOptions } from '../../board/command-runner.ts'
import type { Match, Pattern } from '../../board/console.ts'
import type { PowerState } from '../../board/power-switch.ts'
import type { BoardFacts } from '../group/protocol.ts'
import type { SpecFiles } from './spec-files.ts'
import type { SpecSsh } from './spec-ssh.ts'
import type { SpecStorage } from './spec-storage.ts'

/** States that nearly every strategy has; yours may have more. */
export type CommonState = 'off' | 'bootloader' | 'linux' | 'shell'
export type State = CommonState | (string & {})

export interface Timeout {
  /**
   * How long this may take: milliseconds, or a duration such as `30s`.
   * @default timeouts.command of the environment
   */
  readonly timeout?: number | string
}

export type CommandOptions = Timeout & RunOptions

/** Runs commands on a board: at its bootloader's prompt, or in its shell. */
export interface Commands {
  /** Runs a command; a non-zero status is a result, not an error. */
  run(command: string, options?: CommandOptions): Promise<CommandResult>
  /** Runs a command that has to succeed: any other status fails the test, with the output in the message. */
  runOk(command: string, options?: CommandOptions): Promise<CommandResult>
}

/** The console itself. Using it leaves the shell or the bootloader: the next test starts by finding out where the board is. */
export interface SpecConsole {
  /** Waits for a pattern, or for the first of several named ones; see `Match.which`. */
  expect(pattern: Pattern, options?: Timeout): Promise<Match>
  expect<const Name extends string>(
    patterns: Readonly<Record<Name, Pattern>>,
    options?: Timeout,
  ): Promise<Match<Name>>
  /** Sends text or bytes as they are: no line end is added. */
  write(data: string | Uint8Array, options?: Timeout): Promise<void>
  /** Sends a break, for which Linux looks as SysRq: the next character is the command. */
  sendBreak(options?: Timeout): Promise<void>
  /** The last lines that arrived, oldest first; leaves everything as it is. */
  lastLines(count?: number): Promise<readonly string[]>
}

/** The power of the board. Switching it leaves the board in an unknown state: `board.goto` finds its way from there. */
export interface SpecPower {
  on(): Promise<void>
  off(): Promise<void>
  /** Off, wait as long as the environment says, on. */
  cycle(): Promise<void>
  state(): Promise<PowerState>
}

/** A board as a spec sees it. */
export interface Board {
  readonly name: string
  readonly facts: BoardFacts
  /** The state it was in after the last call on it: a state of its strategy, or `unknown`. */
  readonly state: string
  /** Brings the board to a state by the shortest way. */
  goto(state: State): Promise<void>
  /**
   * Starts a board that is at a shell anew, and waits until it is there again: by `reboot -f` where the strategy has a
   * way from there to the bootloader, else by its power switch.
   */
  reboot(options?: Timeout): Promise<void>
  readonly shell: Commands
  readonly bootloader: Commands
  readonly ssh: SpecSsh
  readonly files: SpecFiles
  readonly storage: SpecStorage
  readonly console: SpecConsole
  /** The consoles beside the main one, by their names in the environment. Using them leaves the board as it is. */
  readonly consoles: Readonly<Record<string, SpecConsole>>
  readonly power: SpecPower
}
