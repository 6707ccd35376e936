import type { Deadline } from '../core/deadline.ts'
import type { Answering } from './answering.ts'
import type { BootPlan, NetworkOverride, ServedFile } from './boot-plan.ts'
import type { CommandRunner } from './command-runner.ts'
import type { Console } from './console.ts'

/** What this bootloader build can do, read from it once and kept. */
export interface BootloaderCapabilities {
  /** E.g. `2026.06.0-00056-gdd1d839c2c32`. */
  readonly version: string
  /** The longest line the prompt takes, in characters. */
  readonly maximumLine: number
  /** barebox: what `boot -o` takes; empty where there is no late override. */
  readonly overrides: readonly ('image' | 'initrd' | 'oftree')[]
  /** Further facts, for the report. */
  readonly facts: Readonly<Record<string, string>>
}

/** A file on its way to a bootloader. */
export interface ReceivedFile extends ServedFile {
  readonly from: NetworkOverride['server']
  /** Is told how far it is, where it goes over the console. */
  readonly observe?: BootPlan['observe']
}

/** A bootloader at its prompt. */
export interface Bootloader extends CommandRunner {
  readonly kind: string
  capabilities(t: Deadline): Promise<BootloaderCapabilities>
  /**
   * Boots, and returns the console from the first byte of the kernel on; this handle is revoked.
   * @throws HilError `boot.failed` (board) with what the bootloader said
   */
  boot(plan: BootPlan, t: Deadline): Promise<Console>
  /**
   * Brings a file to a path (barebox) or to an address of the memory (U-Boot), and proves by its checksum that it is there.
   * @throws HilError `boot.fetch-failed` (infrastructure), `transfer.refused` (test)
   */
  receive(file: ReceivedFile, to: string, t: Deadline): Promise<void>
  /** Resets the board from the prompt, and returns the console; this handle is revoked. */
  reset(t: Deadline): Promise<Console>
  /** Gives the line back, the prompt as it was found; this handle is revoked. */
  leave(t: Deadline): Promise<Console>
}

/** How to get to a bootloader's prompt: one per dialect, configured by the environment. */
export interface BootloaderDriver extends Answering<Bootloader> {
  readonly kind: string
  /** The board's address in its network, where the environment fixes it. */
  readonly address?: string
  /**
   * Waits for the autoboot prompt, stops it, and confirms the prompt by a marker.
   * @throws HilError `bootloader.no-prompt` (board; infrastructure where the line is garbled) with what did come
   */
  interrupt(console: Console, t: Deadline): Promise<Bootloader>
  /** Text that only this bootloader prints when it starts: seen later, it means a reset. */
  readonly banner: RegExp
}
