import { isDeadlineExceeded, startDeadline, type Deadline } from '../../core/deadline.ts'
import { formatDuration } from '../../core/duration.ts'
import { HilError } from '../../core/errors.ts'
import type { EmitEvent } from '../../core/events.ts'
import type { UndoStack } from '../../core/undo-stack.ts'
import { heldError } from './acquire-place.ts'
import type { Coordinator } from './coordinator.ts'
import { describeHolding } from './place-holder.ts'
import { returnMs } from './place-lease.ts'
import type { Place } from './place.ts'
import { cancelReservation, describeTags, reserve, untilAllocated, type Reservation } from './reservation.ts'
import type { Watchdog } from './watchdog.ts'

export interface TurnOptions {
  readonly coordinator: Coordinator
  /** Leaves the line when this process can't. */
  readonly watchdog: Watchdog
  /** Leaves the line. */
  readonly undo: UndoStack
  readonly options: { readonly waitMs: number; readonly priority: number; readonly emit: EmitEvent }
}

/** Time to leave the line, in milliseconds. */
const leaveMs = 10_000

/**
 * Waits in the coordinator's line for a place with certain tags. A coordinator that was started anew has forgotten
 * the line: then it is entered again, after those who had a place have it back.
 * @param tags also `name`, for one certain place
 * @returns the place that is kept for us
 * @throws HilError `lock.held` when the time to wait is over, `coordinator.*`, `place.no-reservation` (infrastructure)
 */
export async function waitForTurn(
  tags: Readonly<Record<string, string>>,
  turn: TurnOptions,
  t: Deadline,
): Promise<string> {
  const { coordinator, options } = turn
  const { waitMs, emit } = options
  const first = await enterLine(tags, turn, t)
  if (first.place !== undefined) return first.place
  const inTheWay = () => heldCandidates(coordinator, tags)[0]
  if (waitMs > 0) {
    const holder = inTheWay()
    const who =
      holder === undefined
        ? `${describeTags(tags)} is kept for others who came first`
        : describeHolding(holder)
    emit({ type: 'note', level: 'warning', message: `${who}; waiting up to ${formatDuration(waitMs)}` })
  }
  using wait = t.within(waitMs, `waiting for ${describeTags(tags)}`)
  try {
    return await untilKept(first, tags, turn, wait)
  } catch (error) {
    if (!isDeadlineExceeded(error) || t.signal.aborted) throw error
    throw tooLate(coordinator, tags, inTheWay(), waitMs)
  }
}

/** The places that have certain tags, held or free. */
export function candidatesFor(
  { places }: Coordinator,
  tags: Readonly<Record<string, string>>,
): readonly Place[] {
  return [...places.values()].filter((place) =>
    Object.entries(tags).every(([key, value]) => (key === 'name' ? place.name : place.tags[key]) === value),
  )
}

function heldCandidates(coordinator: Coordinator, tags: Readonly<Record<string, string>>): readonly Place[] {
  return candidatesFor(coordinator, tags).filter(({ holder }) => holder !== undefined)
}

/** Where we stand in the line. */
interface Spot extends Pick<Reservation, 'token' | 'place'> {
  /** Of the coordinator, in which the line was entered. */
  readonly session: number
}

async function enterLine(
  tags: Readonly<Record<string, string>>,
  { coordinator, watchdog, undo, options }: TurnOptions,
  t: Deadline,
): Promise<Spot> {
  const { session } = coordinator
  const { token, place } = await reserve(coordinator, tags, options.priority, t)
  watchdog.watch({ token })
  undo.defer('giving up the reservation', async () => {
    using limit = startDeadline(leaveMs, `giving up the reservation ${token}`)
    // The coordinator drops it by itself when nobody asks for it.
    if (!coordinator.isConnected) return
    await cancelReservation(coordinator, token, limit).catch((error: unknown) => {
      if (!isForgotten(error)) throw error
    })
  })
  return { token, place, session }
}

async function untilKept(
  { token, session }: Spot,
  tags: Readonly<Record<string, string>>,
  turn: TurnOptions,
  t: Deadline,
): Promise<string> {
  const { coordinator, options } = turn
  using holders = rememberHolders(coordinator, tags)
  try {
    return (await untilAllocated(coordinator, token, t)).name
  } catch (error) {
    // Somebody has cancelled it.
    if (!isForgotten(error) || coordinator.session === session) throw error
  }
  const held = holders.before()
  const when =
    held.length === 0
      ? ''
      : ` once ${held.join(', ')} is acquired again, or after ${formatDuration(returnMs)}`
  options.emit({
    type: 'note',
    level: 'warning',
    message: `the coordinator at ${coordinator.address} was started anew, and has forgotten who waits for ${describeTags(tags)}; getting into a new line${when}`,
  })
  await untilReturned(coordinator, held, t)
  const again = await enterLine(tags, turn, t)
  return again.place ?? (await untilKept(again, tags, turn, t))
}

/** Remembers which places were held when the coordinator was last heard of before it went. */
function rememberHolders(
  coordinator: Coordinator,
  tags: Readonly<Record<string, string>>,
): Disposable & { before(): readonly string[] } {
  const { session } = coordinator
  let held: readonly string[] = []
  const look = () => {
    if (!coordinator.isConnected || coordinator.session !== session) return
    held = heldCandidates(coordinator, tags).map(({ name }) => name)
  }
  look()
  const listening = coordinator.onChange(look)
  return {
    before: () => held,
    [Symbol.dispose]: () => {
      listening[Symbol.dispose]()
    },
  }
}

/** Who had a place takes it again once its exporter is back, if ever; a new line would be quicker. */
async function untilReturned(coordinator: Coordinator, names: readonly string[], t: Deadline): Promise<void> {
  using patience = t.within(returnMs, `the return of those who had ${names.join(', ')}`)
  const isFree = (name: string) => {
    const place = coordinator.places.get(name)
    return place !== undefined && place.holder === undefined
  }
  try {
    await coordinator.until(() => !names.some(isFree) || undefined, patience)
  } catch (error) {
    t.throwIfOver()
    if (!isDeadlineExceeded(error)) throw error
  }
}

function tooLate(
  coordinator: Coordinator,
  tags: Readonly<Record<string, string>>,
  held: Place | undefined,
  waitMs: number,
): HilError {
  const waited = waitMs > 0 ? `, still after ${formatDuration(waitMs)} of waiting` : ''
  if (held !== undefined) return heldError(coordinator, held, waited)
  return new HilError(
    'lock.held',
    `${describeTags(tags)} is kept for others who came first${waited}; wait for your turn with --wait 30m`,
    { blame: 'infrastructure', details: { coordinator: coordinator.address, tags } },
  )
}

function isForgotten(error: unknown): boolean {
  return error instanceof HilError && error.code === 'place.no-reservation'
}
