import type { BootPlan, ServedFile } from '../board/boot-plan.ts'
import type { BootloaderDriver } from '../board/bootloader.ts'
import type { Console } from '../board/console.ts'
import type { FileServer } from '../board/file-server.ts'
import type { PowerSwitch } from '../board/power-switch.ts'
import type { Recovery } from '../board/recovery.ts'
import type { ShellDriver } from '../board/shell.ts'
import type { SshDriver } from '../board/ssh.ts'
import type { Storage } from '../board/storage.ts'
import type { Deadline } from '../core/deadline.ts'
import type { FileFetch } from '../core/file-fetch.ts'
import type { BoardSpec } from '../environment/environment.ts'
import type { BoardConsole } from './board-console.ts'
import type { BenchOutcome } from './lease/board-health.ts'
import type { Hardware } from './open-hardware.ts'
import type { Release } from './release-board.ts'

/** A file, and where the board gets it. */
export type PublishedFile = ServedFile & { readonly from: FileServer['address'] }

/** A board that belongs to this process until it is released. */
export interface TakenBoard {
  readonly name: string
  readonly spec: BoardSpec
  /** Whoever had it before has left it in a state that is not known. */
  readonly isAbandoned: boolean
  readonly power: PowerSwitch
  /** Takes the console: whoever held it before is revoked. @param owner for messages */
  readonly takeConsole: (owner: string) => Console
  /** Text that only the first program after a reset prints; `undefined` where the environment names none. */
  readonly resetBanner: RegExp | undefined
  /** @throws HilError `environment.no-bootloader` when the environment names none */
  readonly bootloader: BootloaderDriver
  /** @throws HilError `environment.no-first-bootloader` when the environment names none */
  readonly firstBootloader: BootloaderDriver
  readonly shell: ShellDriver
  /** `undefined` where the environment says nothing of it. */
  readonly ssh: SshDriver | undefined
  readonly storage: Storage | undefined
  readonly recovery: Recovery | undefined
  readonly recoveryStrap: PowerSwitch | undefined
  /** Where a TCP port of an emulated board is reached from here. */
  readonly reach: Hardware['reach']
  /** What to boot, with artifacts published where the board can fetch them; made once. */
  readonly plan: (t: Deadline) => Promise<BootPlan>
  /** Makes a file available to the bootloader. @throws HilError `files.no-server` (environment) */
  readonly publish: (name: string, path: string, t: Deadline) => Promise<PublishedFile>
  /** For files of this run. */
  readonly temporaryDirectory: string
  /** Something else is to be booted from now on: the plan is made anew. */
  readonly forgetPlan: () => void
  /** What the first bootloader is to boot: the second one, published where the board can fetch it. */
  readonly chainloadPlan: (t: Deadline) => Promise<BootPlan>
  /** Of an emulator without bootloader: it starts the kernel of a plan from its next power-on on. */
  readonly startKernel?: (plan: BootPlan) => void
  /** What was fetched under a served name so far; undefined where the server does not tell. */
  readonly fetches: (servedName: string) => readonly FileFetch[] | undefined
  /** How often a served name was asked for so far; undefined where the server does not tell. */
  readonly requests: (servedName: string) => number | undefined
  /** Comes when no fetch of these names is under way any more. */
  readonly settled: (servedNames: readonly string[]) => Promise<void>
  /** Ends fetches that lack only the last acknowledgement of the board, which has gone on. */
  readonly concludeFetches: (servedNames: readonly string[]) => Promise<void>
  readonly note: (message: string) => void
  readonly console: BoardConsole
  /** The consoles beside the main one, by name. */
  readonly otherConsoles: ReadonlyMap<string, BoardConsole>
  /** Bytes received so far, as events count them. */
  readonly receivedBytes: () => number
  /** Counts the received bytes of all consoles from 0 again, for a report of their own. */
  readonly restartCount: () => void
  readonly unsupported: () => readonly string[]
  /**
   * Leaves the board in its declared power state and frees it, within a time of its own. Never throws.
   * @param keep leave the power as it is
   * @param outcome what this use says of the bench
   */
  release(keep: boolean, outcome?: BenchOutcome): Promise<Release>
  /** Keeps what a use says of the bench, where the board is not released after it. */
  judge(outcome: BenchOutcome | undefined): Promise<void>
}
