import type { BootloaderDriver } from '../board/bootloader.ts'
import type { BootPlan } from '../board/boot-plan.ts'
import type { Console } from '../board/console.ts'
import type { PowerSwitch } from '../board/power-switch.ts'
import type { Recovery } from '../board/recovery.ts'
import type { ShellDriver } from '../board/shell.ts'
import type { Storage } from '../board/storage.ts'
import type { Deadline } from '../core/deadline.ts'

/** What a strategy drives: the parts of one board that was taken. */
export interface StrategyBoard {
  readonly name: string
  /** Keeps the environment's off time by itself: switching on waits until the power was off long enough. */
  readonly power: PowerSwitch
  /** Takes the console: whoever held it before is revoked. @param owner for messages */
  readonly takeConsole: (owner: string) => Console
  /** @throws HilError `environment.no-bootloader` when the environment names none */
  readonly bootloader: BootloaderDriver
  /**
   * The one the board starts with, where `bootloader` is chain-loaded by it.
   * @throws HilError `environment.no-first-bootloader` when the environment names none
   */
  readonly firstBootloader: BootloaderDriver
  /** Text that only the first program after a reset prints; `undefined` where the environment names none. */
  readonly resetBanner: RegExp | undefined
  readonly shell: ShellDriver
  /** A medium that this machine and the board have in turn. */
  readonly storage: Storage | undefined
  /** How the board gets a bootloader by USB. */
  readonly recovery: Recovery | undefined
  /** On: the board starts in its recovery mode when it gets power. */
  readonly recoveryStrap: PowerSwitch | undefined
  /** What to boot, with artifacts published where the board can fetch them. */
  readonly plan: (t: Deadline) => Promise<BootPlan>
  /** What the first bootloader is to boot: the image of the second. */
  readonly chainloadPlan: (t: Deadline) => Promise<BootPlan>
  /**
   * Has a payload started in place of what the board boots by itself, at the next power-on; without a
   * payload nothing is done.
   * @throws HilError `payload.no-bootloader` (environment) for a board that can't
   */
  readonly loadKernel?: (t: Deadline) => Promise<void>
  readonly note: (message: string) => void
}

/** State names mapped to the handle each offers; `undefined` for a state without one. */
export type States = Readonly<Record<string, unknown>>

export type StateName<S extends States> = keyof S & string

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
  /**
   * Whether it resets the board without its power switch: a board that starts again is then no surprise,
   * while on any other edge it fails the run.
   * @default false
   */
  readonly resets?: boolean
  enter(board: StrategyBoard, handle: S[From], t: Deadline): Promise<S[To]>
}

/** Every edge that can be between the states, so that `enter` gets and returns the right handles. */
export type AnyEdge<S extends States> = {
  readonly [From in StateName<S>]: {
    readonly [To in Exclude<StateName<S>, From>]: Edge<S, From, To>
  }[Exclude<StateName<S>, From>]
}[StateName<S>]

/** A state a running board was found in, with its handle. */
export type Found<S extends States> = {
  readonly [Name in StateName<S>]: { readonly state: Name; readonly handle: S[Name] }
}[StateName<S>]

/** What a strategy file says; `defineStrategy` checks it. */
export interface StrategyDefinition<S extends States> {
  readonly name: string
  /** Every state, and in a few words what it is, for `hil strategy show`. */
  readonly states: Readonly<Record<StateName<S>, string>>
  /** The state that `reset` reaches, from which every other can be reached. */
  readonly rest: StateName<S>
  readonly edges: readonly AnyEdge<S>[]
  /** Brings the board to rest from anywhere. */
  reset(board: StrategyBoard, t: Deadline): Promise<void>
  /**
   * Recognises the state a running board is in without changing it; `undefined` when it can't tell.
   * @param lastKnown the state it was in when last known: worth trying first
   */
  probe(board: StrategyBoard, t: Deadline, lastKnown: StateName<S> | undefined): Promise<Found<S> | undefined>
  /** Time `reset` may take. @default '30s' */
  readonly resetBudget?: string
  /** Time `probe` may take. @default '5s' */
  readonly probeBudget?: string
}

/**
 * A strategy that was checked: `reset` leads to rest, and from rest every state can be reached. The
 * types have done their work by now; here states are names, and handles are whatever they are.
 */
export interface Strategy {
  readonly name: string
  /** Absolute path, where it is the user's own and not one that ships with hil. */
  readonly file?: string
  /** In the order they were written. */
  readonly states: readonly StateInfo[]
  readonly rest: string
  readonly edges: readonly CheckedEdge[]
  readonly resetBudgetMs: number
  readonly probeBudgetMs: number
  reset(board: StrategyBoard, t: Deadline): Promise<void>
  probe(
    board: StrategyBoard,
    t: Deadline,
    lastKnown: string | undefined,
  ): Promise<{ readonly state: string; readonly handle: unknown } | undefined>
}

export interface StateInfo {
  readonly name: string
  readonly description: string
}

export interface CheckedEdge {
  readonly from: string
  readonly to: string
  readonly budgetMs: number
  readonly retries: number
  readonly resets: boolean
  enter(board: StrategyBoard, handle: unknown, t: Deadline): Promise<unknown>
}
