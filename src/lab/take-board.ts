import type { Deadline } from '../core/deadline.ts'
import { messageOf } from '../core/errors.ts'
import type { EmitEvent } from '../core/events.ts'
import { UndoStack } from '../core/undo-stack.ts'
import type { BoardSpec } from '../environment/environment.ts'
import { ConsoleSet, type ConsoleWatch } from './console-set.ts'
import { createDriverContext, type ContextOptions } from './driver-context.ts'
import type { BenchOutcome } from './lease/board-health.ts'
import type { BoardLease } from './lease/board-lease.ts'
import { openHardware, requireBootloader, requireFirst, type Hardware } from './open-hardware.ts'
import { judgeBench, outcomeOfOpening, ownLease } from './own-lease.ts'
import { powerWithMedium } from './power-with-medium.ts'
import { Provisions, type ProvisionOptions } from './provisions.ts'
import { releaseBoard, type Release } from './release-board.ts'
import type { TakenBoard } from './taken-board.ts'
import { WatchedPower } from './watched-power.ts'
import { watchedStorage } from './watched-storage.ts'

export interface TakeOptions
  extends
    Omit<ContextOptions, 'fence'>,
    Omit<ConsoleWatch, 'emit' | 'redactor'>,
    Pick<ProvisionOptions, 'preparePayload' | 'bootsItsOwn'> {
  /** For what purpose, told to others who want the board: the command line. */
  readonly what: string
  /** Released with the board. @default one that is taken now, without waiting */
  readonly lease?: BoardLease
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
  const { emit } = options
  const spec = (await lease.equip?.(wanted)) ?? wanted
  const context = await createDriverContext(name, { ...options, fence: lease.fence }, undo)
  const { temporaryDirectory } = context
  const hardware = await openHardware(spec, context, t)
  const storage = hardware.storage && watchedStorage(hardware.storage, name, emit)
  const consoles = new ConsoleSet(spec, hardware, options)
  const power = new WatchedPower(name, powerWithMedium(hardware.power, storage), spec.powerOffTimeMs, {
    switched: (action, ok) => {
      emit({ type: 'power', board: name, action, ok })
      consoles.switched(action, ok)
    },
    powering: () => {
      consoles.powering()
    },
    unpowering: () => consoles.unpowering(),
  })
  await consoles.open(undo, t)
  emitTaken(spec, hardware, emit)
  const provisions = new Provisions(spec, hardware, { ...options, temporaryDirectory, undo })
  const { startKernel } = provisions
  return {
    name,
    spec,
    isAbandoned: lease.abandonedBy.length > 0,
    power,
    console: consoles.main,
    otherConsoles: consoles.others,
    takeConsole: (owner) => consoles.main.take(owner),
    receivedBytes: () => consoles.receivedBytes,
    restartCount: () => {
      consoles.restartCount()
    },
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
    unsupported: hardware.unsupported,
    temporaryDirectory,
    plan: (deadline) => provisions.plan(deadline),
    forgetPlan: () => {
      provisions.forgetPlan()
    },
    chainloadPlan: (deadline) => provisions.chainloadPlan(deadline),
    ...(startKernel && { startKernel }),
    publish: (file, path, deadline) => provisions.publish(file, path, deadline),
    fetches: (served) => provisions.fetches(served),
    requests: (served) => provisions.requests(served),
    settled: (served) => provisions.settled(served),
    concludeFetches: (served) => provisions.concludeFetches(served),
    note: (message) => {
      note(name, message, emit)
    },
    judge: (outcome) => judgeBench(lease, outcome, options),
    release: (keep, outcome) => release(spec, { power, undo, lease, options }, keep, outcome),
  }
}

interface Releasing {
  readonly power: WatchedPower
  readonly undo: UndoStack
  readonly lease: BoardLease
  readonly options: TakeOptions
}

function release(
  spec: BoardSpec,
  { power, undo, lease, options }: Releasing,
  keep: boolean,
  outcome: BenchOutcome | undefined,
): Promise<Release> {
  lease.settle()
  const onLeft = (failures: readonly string[]) => {
    const failed = { kind: 'failed', message: failures.join('; ') } as const
    return judgeBench(lease, failures.length > 0 && outcome?.kind !== 'failed' ? failed : outcome, options)
  }
  return releaseBoard(spec, { power, undo, emit: options.emit, onLeft }, keep)
}

function emitTaken({ name, architecture, compatible }: BoardSpec, hardware: Hardware, emit: EmitEvent): void {
  emit({
    type: 'board-taken',
    board: name,
    facts: { architecture, compatible },
    versions: hardware.versions,
  })
}

function note(board: string, message: string, emit: EmitEvent): void {
  emit({ type: 'note', level: 'warning', board, message })
}
