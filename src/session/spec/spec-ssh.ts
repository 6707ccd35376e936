import type { NetworkAddress, SshOutput, SshResult } from '../../board/ssh.ts'
import type { CommandOptions } from './board.ts'

export interface SshOptions extends CommandOptions {
  /** What the command reads; nothing if absent. */
  readonly input?: string | Uint8Array
  /** Is called with what the command prints, as it comes. */
  readonly onOutput?: (output: SshOutput) => void
}

/** A command that runs while the test goes on. It is ended with the test, or with `await using` at the end of its block. */
export interface SpecProcess extends AsyncDisposable {
  /** How it ended; rejects as `run` does. */
  readonly ended: Promise<SshResult>
  /** Its output line by line, both streams, as long as it runs. */
  lines(): AsyncIterable<string>
  write(data: string | Uint8Array): Promise<void>
  /** It reads the end of its input. */
  end(): Promise<void>
  /** Sends a signal to it and to what it has started. @param name such as `SIGINT` */
  signal(name: string): Promise<void>
}

/** A port that one side listens at for the other, until it is closed or the file has ended. */
export interface SpecForward extends NetworkAddress, AsyncDisposable {
  close(): Promise<void>
}

/**
 * The board over the network, once it was at a shell: also while the console is used for something else. Each
 * command has a shell of its own, and several run at the same time.
 */
export interface SpecSsh {
  /** Runs a command; a non-zero status is a result, not an error. */
  run(command: string, options?: SshOptions): Promise<SshResult>
  /** Runs a command that has to succeed: any other status fails the test, with the output in the message. */
  runOk(command: string, options?: SshOptions): Promise<SshResult>
  /** Starts a command. Without `timeout` it may run as long as the test. */
  start(command: string, options?: Omit<SshOptions, 'input'>): SpecProcess
  /** Makes a port of the board, or of what the board reaches, one of this machine. */
  forwardTo(target: number | NetworkAddress): Promise<SpecForward>
  /** Makes a port of this machine, or of what it reaches, one of the board. @param port on the board; any if absent */
  forwardFrom(target: number | NetworkAddress, port?: number): Promise<SpecForward>
}
