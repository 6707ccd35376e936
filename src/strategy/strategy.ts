import type { BootloaderDriver } from '../board/bootloader.ts'
import type { BootPlan } from '../board/boot-plan.ts'
import type { Console } from '../board/console.ts'
import type { PowerSwitch } from '../board/power-switch.ts'
import type { ShellDriver } from '../board/shell.ts'
import type { Deadline } from '../core/deadline.ts'

/** What a strategy drives: the parts of one board that was taken. */
export interface StrategyBoard {
  readonly name: string
  readonly power: PowerSwitch
  /** Takes the console: whoever held it before is revoked. @param owner for messages */
  readonly takeConsole: (owner: string) => Console
  /** @throws HilError `environment.no-bootloader` when the environment names none */
  readonly bootloader: BootloaderDriver
  readonly shell: ShellDriver
  /** What to boot, with artifacts published where the board can fetch them. */
  readonly plan: (t: Deadline) => Promise<BootPlan>
  readonly powerOffTimeMs: number
  readonly note: (message: string) => void
}

/** State names mapped to the handle each offers; `undefined` for a state without one. */
export type States = Readonly<Record<string, unknown>>

/**
 * One way from a state to another. `enter` gets the handle of `from` and returns that of `to`.
 * While it runs the state is unknown; if it throws it stays so.
 */
export interface Edge<S extends States, From extends keyof S = keyof S, To extends keyof S = keyof S> {
  readonly from: From
  readonly to: To
  /** Time this edge may take, e.g. `30s`; `timeouts.states` of the environment replaces it. It is also the edge's cost. */
  readonly budget: string
  /** How many times it is tried again after an infrastructure error, from rest. @default 0 */
  readonly retries?: number
  enter(board: StrategyBoard, handle: S[From], t: Deadline): Promise<S[To]>
}

/** A state a running board was found in, with its handle. */
export type Found<S extends States> = {
  readonly [Name in keyof S]: { readonly state: Name; readonly handle: S[Name] }
}[keyof S]

export interface Strategy<S extends States = States> {
  readonly name: string
  readonly states: readonly (keyof S & string)[]
  /** The state that `reset` reaches, from which every other can be reached. */
  readonly rest: keyof S & string
  readonly edges: readonly Edge<S>[]
  /** Brings the board to rest from anywhere. */
  reset(board: StrategyBoard, t: Deadline): Promise<void>
  /** Recognises the state a running board is in without changing it; `undefined` when it can't tell. */
  probe(board: StrategyBoard, t: Deadline): Promise<Found<S> | undefined>
}
