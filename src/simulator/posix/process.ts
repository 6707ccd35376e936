import type { LogLine } from '../linux/kernel-log.ts'
import type { FileTree } from '../files/file-tree.ts'
import type { Life } from '../life.ts'
import type { Tty } from '../linux/tty.ts'
import type { SignalTarget } from './signals.ts'
import type { Session, ShellFlavour } from './shell.ts'
import type { Streams } from './streams.ts'

/** The running system, as its programs see it. */
export interface System {
  readonly life: Life
  readonly files: FileTree
  readonly tty: Tty
  readonly programs: Readonly<Record<string, Program>>
  readonly kernel: KernelFacts
  /** Commands that are simulated as not being there. */
  readonly absent: ReadonlySet<string>
  /** Notes something that a real system may do and this one can't. */
  unsupported(what: string): void
  /** Milliseconds since the kernel started. */
  uptime(): number
  /** What `sh` is here. */
  readonly flavour: ShellFlavour
  /** Whether Ctrl-C reaches anyone. */
  readonly controllingTerminal: boolean
  /** A shell is about to print its prompt; faults may delay it. @returns how often it is to be printed */
  promptComes(): Promise<number>
  /** A shell has taken a typed line; faults may strike. */
  lineTaken(): Promise<void>
  restart(): Promise<never>
  powerOff(): Promise<never>
  halt(): Promise<never>
}

export interface KernelFacts {
  readonly release: string
  readonly version: string
  readonly machine: string
  readonly commandLine: string
  hostname: string
  /** Everything the kernel has logged. */
  readonly log: readonly LogLine[]
}

/** A program that runs. */
export interface Process {
  readonly system: System
  /** The program's name first. */
  readonly argv: readonly string[]
  readonly environment: ReadonlyMap<string, string>
  readonly directory: string
  readonly streams: Streams
  readonly signals: SignalTarget
  readonly user: string
  /** The shell's login, which a shell that is started as a program shares. */
  readonly session: Session
}

/** @returns the exit status */
export type Program = (process: Process) => Promise<number> | number
