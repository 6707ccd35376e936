import type { Catalogue } from '../../board/driver.ts'
import { startDeadline, type Deadline } from '../../core/deadline.ts'
import { HilError, messageOf } from '../../core/errors.ts'
import type { EmitEvent } from '../../core/events.ts'
import { formatUndoFailures, type UndoStack } from '../../core/undo-stack.ts'
import type { BoardSpec, PlaceChoice } from '../../environment/environment.ts'
import type { BenchOutcome, BoardHealth } from '../lease/board-health.ts'
import type { Holder } from '../lease/holder.ts'
import type { BoardLease } from '../lease/board-lease.ts'
import { acquirePlace } from './acquire-place.ts'
import type { Coordinator } from './coordinator.ts'
import { equipBoard } from './equip-board.ts'
import { describeHolding } from './place-holder.ts'
import { pathOf, resourcesOfPlace, type Place, type PlaceResource, type Resource } from './place.ts'

/** How long exporters may take to come back after their coordinator did, in milliseconds. */
export const returnMs = 120_000

export interface PlaceLeaseParts {
  readonly host: BoardLease
  readonly coordinator: Coordinator
  /** Acquired. */
  readonly place: Place
  readonly choice: PlaceChoice
  readonly catalogue: Catalogue
  readonly emit: EmitEvent
  /** Gives everything back. */
  readonly undo: UndoStack
}

/**
 * A place of a coordinator, kept: a coordinator that was started anew knows nothing of who had what, and is told again.
 */
export class PlaceLease implements BoardLease {
  readonly board: string
  readonly fence: number
  readonly abandonedBy: readonly Holder[]
  readonly #parts: PlaceLeaseParts
  readonly #listening: Disposable
  /** With whom the place is ours. */
  readonly #holder: string | undefined
  /** What came with the place, as `pathOf` writes it. */
  readonly #paths: readonly string[]
  #wasAway = false
  #isReturning = false
  #isOver = false
  #released: Promise<void> | undefined
  #lost: HilError | undefined

  constructor(parts: PlaceLeaseParts) {
    const { host, coordinator, place } = parts
    this.board = host.board
    this.fence = host.fence
    this.abandonedBy = host.abandonedBy
    this.#parts = parts
    this.#holder = place.holder
    this.#paths = this.resources().map(({ resource }) => pathOf(resource))
    this.#listening = coordinator.onChange(() => {
      this.#check()
    })
  }

  get place(): string {
    return this.#parts.place.name
  }

  get address(): string {
    return this.#parts.coordinator.address
  }

  equip(spec: BoardSpec): Promise<BoardSpec> {
    const { choice, catalogue, emit } = this.#parts
    return equipBoard(spec, choice, { lease: this, catalogue, emit })
  }

  resources(): readonly PlaceResource[] {
    const { coordinator, place } = this.#parts
    return resourcesOfPlace(coordinator.places.get(place.name) ?? place, coordinator.resources)
  }

  /**
   * A resource of the place as it is now, once it can be used.
   * @throws HilError `place.lost` (infrastructure)
   */
  available(name: string, t: Deadline): Promise<Resource> {
    return this.#parts.coordinator.until(() => {
      this.throwIfLost()
      return this.resources().find((one) => one.name === name && isUsable(one.resource))?.resource
    }, t)
  }

  /** @throws HilError `place.lost` (infrastructure) when somebody else has the place now */
  throwIfLost(): void {
    if (this.#lost !== undefined) throw this.#lost
  }

  get health(): BoardHealth {
    return this.#parts.host.health
  }

  judge(outcome: BenchOutcome): Promise<BoardHealth> {
    return this.#parts.host.judge(outcome)
  }

  settle(): void {
    this.#parts.host.settle()
  }

  // Who asks again may be about to end this process: it has to wait for what was begun.
  release(): Promise<void> {
    this.#released ??= this.#giveBack()
    return this.#released
  }

  async #giveBack(): Promise<void> {
    this.#isOver = true
    this.#listening[Symbol.dispose]()
    const failures = await this.#parts.undo.run()
    await this.#parts.host.release()
    if (failures.length === 0) return
    throw new HilError(
      'place.not-released',
      `${this.place} was not given back: ${formatUndoFailures(failures)}`,
      {
        ...{ blame: 'infrastructure', details: { place: this.place, coordinator: this.address } },
      },
    )
  }

  #check(): void {
    const { coordinator } = this.#parts
    if (this.#isOver || this.#isReturning) return
    if (!coordinator.isConnected) {
      if (!this.#wasAway)
        this.#note(`the coordinator at ${this.address} is gone; ${this.place} is used as before`)
      this.#wasAway = true
      return
    }
    const place = coordinator.places.get(this.place)
    if (place?.holder === this.#holder) {
      if (this.#wasAway) this.#note(`the coordinator at ${this.address} is back`)
      this.#wasAway = false
    } else if (place?.holder === undefined && this.#wasAway) {
      void this.#comeBack()
    } else if (this.#lost === undefined) {
      this.#lose(place === undefined ? 'the coordinator has no such place any more' : describeHolding(place))
    }
  }

  /** Without its exporters a place would be acquired without its resources. */
  async #comeBack(): Promise<void> {
    const { coordinator } = this.#parts
    this.#isReturning = true
    using t = startDeadline(returnMs, `the return of ${this.place}`)
    try {
      await coordinator.until(() => {
        const there = new Set([...coordinator.resources].map(pathOf))
        const isTaken = coordinator.places.get(this.place)?.holder !== undefined
        return isTaken || this.#paths.every((path) => there.has(path)) || undefined
      }, t)
      await acquirePlace(coordinator, this.place, t)
      this.#wasAway = false
      this.#note(`the coordinator at ${this.address} is back, and ${this.place} acquired again`)
    } catch (error) {
      if (!this.#isOver) this.#lose(messageOf(error))
    } finally {
      this.#isReturning = false
    }
  }

  #lose(why: string): void {
    this.#lost = new HilError(
      'place.lost',
      `${this.place} is no longer ours while ${this.board} is in use: ${why}`,
      {
        blame: 'infrastructure',
        details: { place: this.place, coordinator: this.address, board: this.board },
      },
    )
    this.#note(this.#lost.message)
  }

  #note(message: string): void {
    this.#parts.emit({ type: 'note', level: 'warning', board: this.board, message })
  }
}

/** A serial port has no TCP port before its exporter has started a server for it. */
function isUsable({ cls, params, isAvailable }: Resource): boolean {
  return isAvailable && (cls !== 'NetworkSerialPort' || typeof params['port'] === 'number')
}
