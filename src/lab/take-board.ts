import type { BootPlan, ServedFile } from '../board/boot-plan.ts'
import type { BootloaderDriver } from '../board/bootloader.ts'
import type { Console } from '../board/console.ts'
import type { FileServer } from '../board/file-server.ts'
import type { PowerSwitch } from '../board/power-switch.ts'
import type { Recovery } from '../board/recovery.ts'
import type { ShellDriver } from '../board/shell.ts'
import type { SshDriver } from '../board/ssh.ts'
import type { Storage } from '../board/storage.ts'
import { consoleName } from '../core/console-events.ts'
import type { Deadline } from '../core/deadline.ts'
import { HilError, messageOf } from '../core/errors.ts'
import type { EmitEvent } from '../core/events.ts'
import type { FileFetch } from '../core/file-fetch.ts'
import { UndoStack } from '../core/undo-stack.ts'
import type { BoardSpec, BootSettings } from '../environment/environment.ts'
import type { BoardObserver } from './board-observer.ts'
import { BoardConsole } from './board-console.ts'
import { ConsoleEvents } from './console-events.ts'
import { otherConsoleEvents } from './other-console-events.ts'
import { createDriverContext, type ContextOptions } from './driver-context.ts'
import { openFiles } from './open-files.ts'
import { chainloadPlan } from './chainload-plan.ts'
import type { BenchOutcome } from './lease/board-health.ts'
import type { BoardLease } from './lease/board-lease.ts'
import { openHardware, requireBootloader, requireFirst, type Hardware } from './open-hardware.ts'
import { judgeBench, outcomeOfOpening, ownLease } from './own-lease.ts'
import { releaseBoard, type Release } from './release-board.ts'
import { powerWithMedium } from './power-with-medium.ts'
import { WatchedPower } from './watched-power.ts'
import { watchedStorage } from './watched-storage.ts'

/** Makes and publishes what a board is to boot; given, because payloads are made in a room of their own. */
export type PreparePayload = (
  boot: BootSettings,
  context: {
    readonly board: string
    readonly files: FileServer | undefined
    readonly temporaryDirectory: string
  },
  t: Deadline,
) => Promise<BootPlan>

export interface TakeOptions extends Omit<ContextOptions, 'fence'> {
  readonly preparePayload: PreparePayload
  /** Whether it is given nothing to fetch just now, so that no server is started for it. @default never */
  readonly bootsItsOwn?: () => boolean
  /** For what purpose, told to others who want the board: the command line. */
  readonly what: string
  /** Released with the board. @default one that is taken now, without waiting */
  readonly lease?: BoardLease
  readonly observer?: BoardObserver
  /** Of the consoles beside the main one, by name. */
  readonly observers?: ReadonlyMap<string, BoardObserver>
}

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

/**
 * Takes a board: locks what is its own, opens its drivers, reads its console from now on. Nothing
 * is switched. When something fails, what was done is undone.
 *
 * @throws HilError `lock.held` (infrastructure) and what the drivers throw
 */
export async function takeBoard(spec: BoardSpec, options: TakeOptions, t: Deadline): Promise<TakenBoard> {
  const undo = new UndoStack()
  try {
    const lease = await ownLease(spec, options, undo, t)
    try {
      return await open(spec, options, lease, undo, t)
    } catch (error) {
      undo.defer('writing down how the bench did', () => judgeBench(lease, outcomeOfOpening(error), options))
      throw error
    }
  } catch (error) {
    for (const failure of await undo.run()) {
      note(spec.name, `${failure.label} failed: ${messageOf(failure.error)}`, options.emit)
    }
    throw error
  }
}

async function open(
  wanted: BoardSpec,
  options: TakeOptions,
  lease: BoardLease,
  undo: UndoStack,
  t: Deadline,
): Promise<TakenBoard> {
  const { name } = wanted
  const { emit, redactor, observer } = options
  const spec = (await lease.equip?.(wanted)) ?? wanted
  const context = await createDriverContext(spec.name, { ...options, fence: lease.fence }, undo)
  const hardware = await openHardware(spec, context, t)
  const storage = hardware.storage && watchedStorage(hardware.storage, name, emit)
  const power = new WatchedPower(name, powerWithMedium(hardware.power, storage), spec.powerOffTimeMs, {
    switched: (action, ok) => {
      emit({ type: 'power', board: name, action, ok })
      if (action === 'on') return
      for (const { line } of consoles) {
        if (ok) line.unpowered()
        else line.stillPowered()
      }
    },
    powering: () => {
      for (const { line, watching } of consoles) {
        watching?.powering()
        line.powering()
      }
      // Nobody waits for what they said of the boot before.
      for (const { line } of others.values()) line.discard()
    },
    unpowering: async () => {
      for (const { line } of consoles) line.unpowering()
      await Promise.all(consoles.map(async ({ watching }) => watching?.unpowering()))
    },
  })
  const events = new ConsoleEvents(name, redactor, emit, observer)
  const console = new BoardConsole(name, hardware.openConsole, spec.console, events)
  const others = otherConsoles(spec, hardware, options)
  const consoles = [{ line: console, events, watching: observer }, ...others.values()]
  undo.defer('closing the console', () => console.close())
  await console.open(t)
  for (const [name, { line }] of others) {
    undo.defer(`closing the console ${name}`, () => line.close())
    await line.open(t)
  }
  emitTaken(spec, hardware, emit)

  let plan: Promise<BootPlan> | undefined
  let files: FileServer | undefined
  const isLoadedDirectly = hardware.loadKernel !== undefined && hardware.bootloader === undefined
  const openServer = async () =>
    (files ??=
      isLoadedDirectly && spec.boot.by === 'network'
        ? hardware.files
        : await openFiles(spec, hardware, { undo, emit }))
  const makePlan = async (deadline: Deadline) => {
    const { temporaryDirectory } = context
    const files = options.bootsItsOwn?.() === true ? undefined : await openServer()
    const from = { board: name, files, temporaryDirectory }
    return options.preparePayload(spec.boot, from, deadline)
  }
  return {
    name,
    spec,
    isAbandoned: lease.abandonedBy.length > 0,
    power,
    console,
    otherConsoles: new Map([...others].map(([other, { line }]) => [other, line])),
    takeConsole: (owner) => console.take(owner),
    resetBanner: (hardware.firstBootloader ?? hardware.bootloader)?.banner,
    get bootloader() {
      return requireBootloader(name, hardware.bootloader)
    },
    get firstBootloader() {
      return requireFirst(name, hardware.firstBootloader)
    },
    shell: hardware.shell,
    ssh: hardware.ssh,
    storage,
    recovery: hardware.recovery,
    recoveryStrap: hardware.recoveryStrap,
    reach: hardware.reach,
    publish: async (fileName, path, deadline) => {
      const server = await openServer()
      if (server === undefined) throw noServer(name)
      return { ...(await server.publish(fileName, path, deadline)), from: server.address }
    },
    temporaryDirectory: context.temporaryDirectory,
    chainloadPlan: async (deadline) => chainloadPlan(spec, await openServer(), deadline),
    plan: async (deadline) => {
      plan ??= makePlan(deadline)
      try {
        return await plan
      } catch (error) {
        plan = undefined
        throw error
      }
    },
    ...(isLoadedDirectly ? { startKernel: hardware.loadKernel } : {}),
    forgetPlan: () => {
      plan = undefined
    },
    fetches: (servedName) => files?.fetches?.(servedName),
    requests: (servedName) => files?.requests?.(servedName),
    settled: async (servedNames) => files?.settled?.(servedNames),
    concludeFetches: async (servedNames) => files?.conclude?.(servedNames),
    note: (message) => {
      note(name, message, emit)
    },
    receivedBytes: () => events.receivedBytes,
    restartCount: () => {
      consoles.forEach((each) => {
        each.events.restartCount()
      })
    },
    unsupported: hardware.unsupported,
    release: (keep, outcome) => {
      lease.settle()
      const onLeft = (failures: readonly string[]) => {
        const failed = { kind: 'failed', message: failures.join('; ') } as const
        return judgeBench(
          lease,
          failures.length > 0 && outcome?.kind !== 'failed' ? failed : outcome,
          options,
        )
      }
      return releaseBoard(spec, { power, undo, emit, onLeft }, keep)
    },
    judge: (outcome) => judgeBench(lease, outcome, options),
  }
}

interface OpenedConsole {
  readonly line: BoardConsole
  readonly events: ConsoleEvents
  readonly watching: BoardObserver | undefined
}

/** The consoles beside the main one, not open yet. */
function otherConsoles(
  { name: board, otherConsoles }: BoardSpec,
  { openOthers }: Hardware,
  { emit, redactor, observers }: TakeOptions,
): ReadonlyMap<string, OpenedConsole> {
  const opened = new Map<string, OpenedConsole>()
  for (const { name, settings } of otherConsoles) {
    const open = openOthers.get(name)
    if (open === undefined) continue
    const watching = observers?.get(name)
    const events = new ConsoleEvents(board, redactor, otherConsoleEvents(board, name, emit), watching)
    const line = new BoardConsole(consoleName(board, name), open, settings, events)
    opened.set(name, { line, events, watching })
  }
  return opened
}

function emitTaken({ name, architecture, compatible }: BoardSpec, hardware: Hardware, emit: EmitEvent): void {
  emit({
    type: 'board-taken',
    board: name,
    facts: { architecture, compatible },
    versions: hardware.versions,
  })
}

function noServer(board: string): HilError {
  return new HilError(
    'files.no-server',
    `${board} is to get a file at its bootloader, but nothing serves it: add "network: { tftp: { embedded: true } }" to the board, or "boot: { by: console }"`,
    { blame: 'environment', details: { board } },
  )
}

function note(board: string, message: string, emit: EmitEvent): void {
  emit({ type: 'note', level: 'warning', board, message })
}
