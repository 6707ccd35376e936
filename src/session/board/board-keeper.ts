import type { Deadline } from '../../core/deadline.ts'
import type { HilError } from '../../core/errors.ts'
import type { BoardTaken, BootProof, EmitEvent, RunEventBody } from '../../core/events.ts'
import type { Redactor } from '../../core/redaction.ts'
import type { BenchOutcomes } from './bench-outcomes.ts'
import type { BoardHolder } from './board-holder.ts'
import {
  endUse,
  HeldBoards,
  holdBoards,
  outcomeWith,
  type BoardPlan,
  type HeldBoard,
  type HoldOptions,
} from './held-boards.ts'

/**
 * Keeps boards from one run to the next, as they are. A board whose payload is still the same needs no boot;
 * where it is another, what runs is left before anything is asked of it.
 */
export class BoardKeeper implements BoardHolder {
  /** Knows the secrets of all runs. */
  readonly redactor: Redactor
  readonly #kept = new Map<string, KeptBoard>()

  constructor(redactor: Redactor) {
    this.redactor = redactor
  }

  /** A board that can't be given to a run goes on to wait for the next one, and those before it. */
  async take(plans: readonly BoardPlan[], options: HoldOptions, root: Deadline): Promise<HeldBoards> {
    try {
      for (const { spec } of plans) await this.#kept.get(spec.name)?.resume(options, root)
      await this.#hold(
        plans.filter(({ spec }) => !this.#kept.has(spec.name)),
        options,
        root,
      )
    } catch (error) {
      for (const each of this.#kept.values()) each.pause()
      throw error
    }
    const services = plans.map(({ spec }) => [spec.name, this.#kept.get(spec.name)?.board.service] as const)
    return new HeldBoards(new Map(services.flatMap(([name, service]) => (service ? [[name, service]] : []))))
  }

  async #hold(missing: readonly BoardPlan[], options: HoldOptions, root: Deadline): Promise<void> {
    if (missing.length === 0) return
    const events = new Map(missing.map(({ spec }) => [spec.name, new RelayedEvents(options.emit)]))
    const keep = (board: HeldBoard) => {
      const { name } = board.service.board
      const relayed = events.get(name)
      if (relayed !== undefined) this.#kept.set(name, new KeptBoard(board, relayed))
    }
    const emitOf = (name: string): EmitEvent => {
      const relayed = events.get(name)
      return relayed === undefined
        ? options.emit
        : (event) => {
            relayed.emit(event)
          }
    }
    await holdBoards(missing, options, root, keep, emitOf)
  }

  async giveBack(held: HeldBoards, _keep: boolean, outcomes: BenchOutcomes): Promise<readonly HilError[]> {
    const problems = await Promise.all(
      [...held.services.values()].map(async (service) => {
        const found = await endUse(service)
        const { board } = service
        await board.judge(outcomeWith(found, outcomes.get(board.name)))
        this.#kept.get(board.name)?.pause()
        return found
      }),
    )
    return problems.flat()
  }

  /** Leaves every board as declared. @returns what went wrong */
  release(keep: boolean): Promise<readonly HilError[]> {
    const services = [...this.#kept].map(([name, { board }]) => [name, board.service] as const)
    this.#kept.clear()
    return new HeldBoards(new Map(services)).release(keep)
  }
}

/** What a board says while nobody reads it, in characters; more than that is dropped. */
const maximumBacklog = 4 << 20

/** A board with its events, which go to the report of the run that is on, or wait for the next one. */
class KeptBoard {
  readonly board: HeldBoard
  readonly #events: RelayedEvents

  constructor(board: HeldBoard, events: RelayedEvents) {
    this.board = board
    this.#events = events
  }

  async resume(options: HoldOptions, root: Deadline): Promise<void> {
    const { service } = this.board
    service.startRun()
    this.#events.resume(options.emit, () => {
      service.board.restartCount()
    })
    const isRenewed = await this.board.renew(options, root)
    if (!isRenewed) this.#events.repeatProof()
  }

  pause(): void {
    if (this.#events.isPaused) return
    this.board.service.board.restartCount()
    this.#events.pause()
  }
}

class RelayedEvents {
  #target: EmitEvent | undefined
  #backlog: RunEventBody[] = []
  #size = 0
  #taken: BoardTaken | undefined
  #proof: BootProof | undefined

  constructor(target: EmitEvent) {
    this.#target = target
  }

  get isPaused(): boolean {
    return this.#target === undefined
  }

  emit(event: RunEventBody): void {
    if (event.type === 'board-taken') this.#taken = event
    if (event.type === 'boot-proof') this.#proof = event
    // From here on the last proof is about a kernel that is gone.
    if (event.type === 'state-entering' && event.to === 'linux') this.#proof = undefined
    if (this.#target !== undefined) return this.#target(event)
    this.#size += receivedLength(event)
    if (this.#size > maximumBacklog) this.#backlog = []
    else this.#backlog.push(event)
  }

  /** @param onDropped is called where the backlog became too long to be told */
  resume(target: EmitEvent, onDropped: () => void): void {
    this.#target = target
    if (this.#taken !== undefined) target(this.#taken)
    if (this.#size > maximumBacklog) onDropped()
    for (const event of this.#backlog) target(event)
    this.#backlog = []
    this.#size = 0
  }

  /** The kernel that runs on was proven in the report of an earlier run: it is evidence of this one too. */
  repeatProof(): void {
    if (this.#proof !== undefined) this.#target?.(this.#proof)
  }

  pause(): void {
    this.#target = undefined
  }
}

function receivedLength(event: RunEventBody): number {
  const body = event.type === 'other-console' ? event.event : event
  return body.type === 'console-rx' ? (body.text ?? body.base64).length : 0
}
