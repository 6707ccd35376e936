import type { z } from 'zod'
import type { Deadline } from '../core/deadline.ts'
import type { UndoStack } from '../core/undo-stack.ts'
import type { BootloaderDriver } from './bootloader.ts'
import type { Machine } from './machine.ts'
import type { SecretReference } from './option-types.ts'
import type { PowerSwitch } from './power-switch.ts'
import type { Recovery } from './recovery.ts'
import type { ShellDriver } from './shell.ts'
import type { SshDriver } from './ssh.ts'
import type { Storage } from './storage.ts'
import type { OpenTransport } from './transport.ts'

/** What a driver gets beside its own options. */
export interface DriverContext {
  /** The board's name. */
  readonly board: string
  /** A directory of this run's own, removed at its end. */
  readonly temporaryDirectory: string
  /** What must happen at release; register it before doing what it undoes. */
  readonly undo: UndoStack
  /** A line for the log. */
  readonly log: (message: string, facts?: Readonly<Record<string, unknown>>) => void
  /** The value of a secret; it is redacted in everything written from then on. */
  readonly secret: (reference: SecretReference) => Promise<string>
  /** Asks the person at the terminal; throws `power.no-terminal` (environment) where there is none. */
  readonly ask: (question: string, t: Deadline) => Promise<void>
  /** Grows with every lease of the board: a switch that remembers the greatest can refuse whoever has lost theirs. */
  readonly fence: number
}

/** What each kind of driver opens to. */
export interface OpenedByKind {
  machine: Machine
  power: PowerSwitch
  console: OpenTransport
  bootloader: BootloaderDriver
  shell: ShellDriver
  ssh: SshDriver
  storage: Storage
  recovery: Recovery
}

export type DriverKind = keyof OpenedByKind

/**
 * A driver is one file and one line in `drivers/index.ts`. `schema` describes its options (zod, with
 * `.describe()` on every field: docs and JSON Schema are made from it); `open` imports its library
 * lazily, so that checking an environment loads no native module.
 */
export interface Driver<Kind extends DriverKind = DriverKind, Schema extends z.ZodType = z.ZodType> {
  readonly kind: Kind
  /** What `driver:` says in an environment. */
  readonly name: string
  /** One sentence for the documentation. */
  readonly summary: string
  readonly schema: Schema
  /**
   * Why nobody has confirmed yet that it speaks as the real thing does, where that is so: no device, and no
   * other program for that device, was held against it. Said in the documentation and by `hil env check`.
   */
  readonly unverified: string | undefined
  /**
   * What this driver needs for itself alone, so that two runs can't fight over it: `serial:/dev/ttyUSB0`,
   * `outlet:pdu1/3`. Equal strings are one resource, whichever environment names them.
   */
  resources(options: z.output<Schema>): readonly string[]
  /** The drivers that this one is made of, where its options choose some. */
  parts(options: z.output<Schema>): readonly Driver[]
  /** RAM of the board in bytes, where the options of its machine say so. */
  memoryBytes(options: z.output<Schema>): number | undefined
  open(options: z.output<Schema>, context: DriverContext, t: Deadline): Promise<OpenedByKind[Kind]>
}

type Definition<Kind extends DriverKind, Schema extends z.ZodType> = Omit<
  Driver<Kind, Schema>,
  'kind' | Optional
> &
  Partial<Pick<Driver<Kind, Schema>, Optional>>

type Optional = 'resources' | 'parts' | 'memoryBytes' | 'unverified'

function define<Kind extends DriverKind>(kind: Kind) {
  return <Schema extends z.ZodType>(definition: Definition<Kind, Schema>): Driver<Kind, Schema> => ({
    resources: () => [],
    parts: () => [],
    memoryBytes: () => undefined,
    unverified: undefined,
    ...definition,
    kind,
  })
}

export const defineMachine = define('machine')
export const definePowerSwitch = define('power')
export const defineConsole = define('console')
export const defineBootloader = define('bootloader')
export const defineShell = define('shell')
export const defineSsh = define('ssh')
export const defineStorage = define('storage')
export const defineRecovery = define('recovery')

/** All drivers that environments can name. */
export type Catalogue = readonly Driver[]
