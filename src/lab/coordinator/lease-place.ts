import type { Catalogue } from '../../board/driver.ts'
import { isDeadlineExceeded, startDeadline, type Deadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'
import type { EmitEvent } from '../../core/events.ts'
import { UndoStack } from '../../core/undo-stack.ts'
import type { PlaceChoice } from '../../environment/environment.ts'
import { thisProcess } from '../lease/holder.ts'
import type { Queueing } from '../lease/lease-boards.ts'
import type { BoardLease } from '../lease/board-lease.ts'
import { lockResource } from '../resource-lock.ts'
import { acquirePlace, heldError, releasePlace } from './acquire-place.ts'
import { Coordinator } from './coordinator.ts'
import { findPlace } from './find-place.ts'
import { PlaceLease } from './place-lease.ts'
import type { Place } from './place.ts'
import { describeTags } from './reservation.ts'
import { candidatesFor, waitForTurn } from './wait-for-turn.ts'
import { startWatchdog, type Watchdog } from './watchdog.ts'

export interface LeasePlaceOptions extends Queueing {
  readonly catalogue: Catalogue
  readonly emit: EmitEvent
}

/** Time to find a coordinator, and to give something back to it, in milliseconds. */
const connectMs = 15_000
const releaseMs = 10_000

/**
 * Acquires the place of a board, whose lease of this host keeps other runs of this person from it.
 * @throws HilError `lock.held`, `place.*`, `coordinator.*`
 */
export async function leasePlace(
  choice: PlaceChoice,
  host: BoardLease,
  options: LeasePlaceOptions,
  t: Deadline,
): Promise<BoardLease> {
  const undo = new UndoStack()
  try {
    using connecting = t.within(connectMs, `connecting to the coordinator at ${choice.coordinator.address}`)
    const coordinator = await Coordinator.connect(choice.coordinator, connecting)
    undo.defer('closing the session', () => {
      coordinator[Symbol.dispose]()
    })
    const watchdog = startWatchdog(choice.coordinator)
    undo.defer('ending the watchdog', () => {
      watchdog.end()
    })
    const taking = { coordinator, watchdog, undo, host, options }
    const { wanted } = choice
    const place =
      'name' in wanted ? await takeNamed(wanted.name, taking, t) : await takeAny(wanted.tags, taking, t)
    return new PlaceLease({ host, coordinator, place, choice, undo, ...options })
  } catch (error) {
    await undo.run()
    throw error
  }
}

interface Taking {
  readonly coordinator: Coordinator
  readonly watchdog: Watchdog
  readonly undo: UndoStack
  readonly host: BoardLease
  readonly options: LeasePlaceOptions
}

async function takeNamed(written: string, taking: Taking, t: Deadline): Promise<Place> {
  const { coordinator, host, options } = taking
  const place = findPlace(coordinator, written)
  const { identity } = coordinator
  if (place.name !== written) await lockByName(place.name, taking)
  // Acquired by hand, for commands like this one: then it stays so. Or shared by a colleague.
  if (place.holder === identity && host.abandonedBy.length === 0) return place
  if (place.holder !== undefined && place.allowed.includes(identity)) return place
  releaseAtEnd(place.name, taking)
  // Ours is the lock of this host, so it is nobody's but that of a run that is dead.
  if (place.holder === identity) return place
  try {
    if (place.holder !== undefined) throw heldError(coordinator, place)
    return await acquirePlace(coordinator, place.name, t)
  } catch (error) {
    if (options.waitMs <= 0 || !isTaken(error)) throw error
    // Whoever waits for a certain place waits in the same line, by its name.
    return await takeTurn({ name: place.name }, taking, t)
  }
}

/** The lease of this host is of the place as it is written: an alias, or a part of a name. */
async function lockByName(name: string, { coordinator, host, undo }: Taking): Promise<void> {
  const lock = await lockResource(`place:${coordinator.address}/${name}`, thisProcess(`board ${host.board}`))
  undo.defer(`unlocking ${name}`, () => lock.release())
}

async function takeAny(tags: Readonly<Record<string, string>>, taking: Taking, t: Deadline): Promise<Place> {
  const { coordinator } = taking
  if (candidatesFor(coordinator, tags).length === 0) {
    throw new HilError(
      'place.unknown',
      `the coordinator at ${coordinator.address} has no place with ${describeTags(tags)}; "hil lab places" shows the tags there are`,
      { blame: 'environment', details: { coordinator: coordinator.address, tags } },
    )
  }
  return await takeTurn(tags, taking, t)
}

async function takeTurn(tags: Readonly<Record<string, string>>, taking: Taking, t: Deadline): Promise<Place> {
  const kept = await waitForTurn(tags, taking, t)
  releaseAtEnd(kept, taking)
  return await acquirePlace(taking.coordinator, kept, t)
}

/** Before it is acquired: what was released at the end though it never was ours stays with whoever has it. */
function releaseAtEnd(name: string, { coordinator, watchdog, undo, options: { emit } }: Taking): void {
  watchdog.watch({ place: name })
  undo.defer(`releasing ${name}`, async () => {
    using limit = startDeadline(releaseMs, `releasing ${name}`)
    try {
      if (coordinator.isConnected) return await releasePlace(coordinator, name, limit)
    } catch (error) {
      if (!isDeadlineExceeded(error)) throw error
    }
    watchdog.takeOver()
    const message = `the coordinator at ${coordinator.address} is gone; ${name} is released once it is back`
    emit({ type: 'note', level: 'warning', message })
  })
}

function isTaken(error: unknown): boolean {
  return error instanceof HilError && ['lock.held', 'place.reserved'].includes(error.code)
}
