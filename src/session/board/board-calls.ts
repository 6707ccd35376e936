import type { CommandResult, RunOptions } from '../../board/command-runner.ts'
import type { Match, Pattern } from '../../board/console.ts'
import type { TransferProgress, Transferred } from '../../board/file-transfer.ts'
import type { PowerState } from '../../board/power-switch.ts'
import type { NetworkAddress, SshOutput, SshResult } from '../../board/ssh.ts'
import type { StorageSide, WrittenImage } from '../../board/storage.ts'

/** How long a call may take, in milliseconds; absent: the environment's `timeouts.command`. */
export interface CallTime {
  readonly timeoutMs?: number
}

/** Which console; absent: the main one. */
export interface WhichConsole {
  readonly console?: string
}

export type ConsoleCall = CallTime & WhichConsole

export type CommandCall = CallTime & RunOptions

export interface SshCall extends CommandCall {
  readonly input?: string | Uint8Array
  /** By which the command is called while it runs; its input then stays open. Unique in a run. */
  readonly key?: string
}

/** By which way files go; absent: over SSH where the environment has it, else over the console. */
export interface FileCall {
  readonly by?: 'ssh' | 'console'
  readonly timeoutMs?: number
  readonly mode?: number
}

export interface StorageCall extends CallTime {
  readonly bmap?: string
  readonly verify?: boolean
}

export type Forwarded = NetworkAddress & { readonly id: number }

/**
 * What a spec can ask of a board: implemented where the board is (`BoardService`), called from the
 * spec's process by name. Arguments and results are plain data and regular expressions; functions among the
 * arguments are called in the spec's process, with plain data, and answer nothing.
 */
export interface BoardCalls {
  goto(state: string): Promise<void>
  reboot(options: CallTime): Promise<void>
  runInShell(command: string, options: CommandCall): Promise<CommandResult>
  runInBootloader(command: string, options: CommandCall): Promise<CommandResult>
  expect(patterns: Readonly<Record<string, Pattern>>, options: ConsoleCall): Promise<Match>
  write(data: string | Uint8Array, options: ConsoleCall): Promise<void>
  sendBreak(options: ConsoleCall): Promise<void>
  lastLines(count: number, options: WhichConsole): Promise<readonly string[]>
  runOverSsh(
    command: string,
    options: SshCall,
    onOutput?: (output: SshOutput) => void,
    onStarted?: () => void,
  ): Promise<SshResult>
  signalOverSsh(key: string, name: string): Promise<void>
  writeOverSsh(key: string, data: string | Uint8Array): Promise<void>
  endInputOverSsh(key: string): Promise<void>
  /** To where the board reaches, itself as a rule. */
  forwardTo(target: NetworkAddress): Promise<Forwarded>
  /** @param port at which the board listens; 0: any */
  forwardFrom(port: number, target: NetworkAddress): Promise<Forwarded>
  closeForward(id: number): Promise<void>
  /** @param file absolute, or the content */
  putFile(
    file: string | Uint8Array,
    path: string,
    options: FileCall,
    onProgress?: (progress: TransferProgress) => void,
  ): Promise<Transferred>
  /** @param file absolute */
  getFile(
    path: string,
    file: string,
    options: FileCall,
    onProgress?: (progress: TransferProgress) => void,
  ): Promise<Transferred>
  switchStorage(side: 'host' | 'board'): Promise<void>
  storageSide(): Promise<StorageSide>
  /** @param image absolute; absent: that of the environment */
  writeStorage(
    image: string | undefined,
    options: StorageCall,
    onProgress?: (progress: TransferProgress) => void,
  ): Promise<WrittenImage>
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
