import type { ServerAddress } from '../board/boot-plan.ts'
import type { FaultPlan } from './faults/plan.ts'
import type { FaultPoint } from './faults/schema.ts'
import type { Life } from './life.ts'
import type { SimulatorOptions } from './options.ts'
import type { StockSystem } from './stock-system.ts'
import type { Watchdog } from './watchdog.ts'

/** Why the board started, in barebox's words. */
export type ResetCause = 'POR' | 'RST' | 'WDG'

/** What is left when the power is gone. */
export interface Storage {
  /** How often the board has started. */
  starts: number
  /** barebox's `nv` variables as they were saved last. */
  bareboxVariables: ReadonlyMap<string, string>
  /** They were changed since, and are lost when the power is cut now. */
  bareboxDirty: boolean
  /** barebox's environment was saved at least once. */
  environmentSaved: boolean
  /** U-Boot's saved environment; `undefined` before the first `saveenv`. */
  ubootVariables: ReadonlyMap<string, string> | undefined
}

/** The board as the programs on it see it, from one start to the next. */
export interface Hardware {
  readonly options: SimulatorOptions
  readonly life: Life
  readonly faults: FaultPlan
  readonly storage: Storage
  readonly resetCause: ResetCause
  readonly network: Network
  /** `undefined`: the simulated one. */
  readonly stock: StockSystem | undefined
  /** Present where the options give the board one. */
  watchdog: Watchdog | undefined
  /** Sends text (one character a byte) as it is. @returns a promise when the line is busy */
  send(text: string): Promise<void> | undefined
  /** Who gets what the host sends. */
  receive(receiver: (bytes: Uint8Array) => void): void
  /** Lets the faults strike that are due here; some of them never return. */
  reach(point: FaultPoint): Promise<void>
  /** Notes something that a real board may do and this one can't: the run is no pass. */
  unsupported(what: string): void
  /** What a panic looks like now: a kernel that starts puts its own in place. */
  panic: (reason: string) => Promise<never>
  /** Ends this life; the board starts again. Never returns. */
  reset(cause: ResetCause): Promise<never>
  /** The board switches itself off. Never returns. */
  powerOff(): Promise<never>
}

/** What the board's network reaches. */
export interface Network {
  /** Where packets to an address go really; `undefined` where nobody is. */
  route(address: ServerAddress): Promise<ServerAddress | undefined>
}

/** What a bootloader hands to a kernel. */
export interface Handover {
  readonly commandLine: string
  /** The kernel, unpacked; absent where there is no bootloader. */
  readonly kernel?: Uint8Array
  readonly initrd?: Uint8Array | undefined
  /** Absent: the bootloader's own. */
  readonly deviceTree?: Uint8Array | undefined
}
