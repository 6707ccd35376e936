import type { Deadline } from '../core/deadline.ts'
import type { CommandResult, CommandRunner, RunOptions } from './command-runner.ts'
import type { FileTransfer } from './file-transfer.ts'

/** Where a machine answers. */
export interface NetworkAddress {
  readonly host: string
  readonly port: number
}

/** What a command printed over SSH: unlike on a console, its two outputs come apart. */
export interface SshResult extends CommandResult {
  readonly stderr: string
  /** What ended it, such as `SIGKILL`; its `exitCode` is then 128 and the number of that. */
  readonly signal?: string
}

export interface SshRunOptions extends RunOptions {
  /** What it reads; nothing if absent. */
  readonly input?: string | Uint8Array
  /** Is called with what it prints, as it comes. */
  readonly onOutput?: (output: SshOutput) => void
}

export interface SshOutput {
  readonly stream: 'stdout' | 'stderr'
  /** Whole characters, but not whole lines. */
  readonly text: string
}

/** A command under way. */
export interface SshCommand {
  /** As `run` ends. */
  readonly ended: Promise<SshResult>
  /** Sends a signal to it and what it has started. @param name such as `SIGTERM` */
  signal(name: string, t: Deadline): Promise<void>
  write(data: string | Uint8Array): Promise<void>
  endInput(): void
}

/** A port at which one side listens for the other. */
export interface PortForward extends NetworkAddress {
  close(): Promise<void>
}

/**
 * A board over the network. Commands run at the same time, each in a shell of its own: what one sets is gone
 * when it ends. A command that was not done in time is ended, and the session goes on.
 */
export interface SshSession extends CommandRunner {
  /** For messages: `root@10.0.0.7 port 22`. */
  readonly name: string
  readonly files: FileTransfer
  /** Whether the connection is there, as far as is known. */
  readonly isOpen: boolean
  /** @throws HilError `command.timeout` (board), `ssh.lost` (infrastructure) */
  run(command: string, t: Deadline, options?: SshRunOptions): Promise<SshResult>
  /** Starts a command with its input left open; it is ended when `t` is over. */
  start(command: string, t: Deadline, options?: Omit<SshRunOptions, 'input'>): Promise<SshCommand>
  /** Listens here for what the board reaches, itself as a rule. */
  forwardTo(target: NetworkAddress, t: Deadline): Promise<PortForward>
  /** Has the board listen, and connects whoever comes there to something that we reach. @param port 0: any */
  forwardFrom(port: number, target: NetworkAddress, t: Deadline): Promise<PortForward>
  /** Ends the connection and all that goes over it. */
  close(): Promise<void>
}

/** How to log in to a board over the network. */
export interface SshDriver {
  readonly port: number
  /** As the environment has it; absent: the board is asked on its console. */
  readonly host: string | undefined
  /** The network interface whose address it is, where the board is asked. */
  readonly interface: string | undefined
  /** Whether the machine that answers has to prove that it is the board on the console. */
  readonly checksIdentity: boolean
  /** Whether the keys to trust are those that the board itself shows on its console. */
  readonly readsHostKeys: boolean
  /**
   * @param fingerprints the host keys that the board has shown, where it has to be asked
   * @throws HilError `ssh.*`
   */
  connect(
    address: NetworkAddress,
    fingerprints: readonly string[] | undefined,
    t: Deadline,
  ): Promise<SshSession>
}
