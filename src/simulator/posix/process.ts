import type { FileTree } from '../files/file-tree.ts'
import type { Life } from '../life.ts'
import type { Tty } from '../linux/tty.ts'
import type { SignalTarget } from './signals.ts'
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
  /** Runs another shell: at its prompt, or one text. @returns its status */
  shell(process: Process, text: string | undefined): Promise<number>
  /** A command typed at the shell starts; faults may strike. */
  commandStarts(): Promise<void>
  /** A command has printed something; a kernel message may land behind it. */
  commandPrints(): Promise<void>
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
  /** Everything the kernel has logged, as `dmesg` prints it. */
  log: readonly string[]
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
}

/** @returns the exit status */
export type Program = (process: Process) => Promise<number> | number
