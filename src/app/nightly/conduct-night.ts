import { now } from '../../core/clock.ts'
import { startDeadline } from '../../core/deadline.ts'
import { HilError, messageOf, type Blame } from '../../core/errors.ts'
import type { CellAttempt, NightCell, NightRecord } from '../../core/night-record.ts'
import { Slots } from '../../core/slots.ts'
import { verdicts } from '../../core/verdicts.ts'
import { BoardStanding } from './conduct/board-standing.ts'
import { enoughFailures, withoutHopeless } from './conduct/giving-up.ts'
import { KeptRecord } from './conduct/kept-record.ts'
import { PayloadLine, type PreparePayload } from './conduct/payload-line.ts'
import { runCell, type CellHooks } from './conduct/run-cell.ts'
import type { CellJob, JobPayload } from './worker/messages.ts'
import type { NightBoard } from './worker/board-process.ts'

/** What the plan says of giving up, and of how much may run. */
export interface NightLimits {
  /** How many cells at a time; where it is left out, one on each board. */
  readonly atOnce?: number | undefined
  readonly infrastructureRetries: number
  readonly boardAfter: number
  readonly payloadAfter: number
  readonly stopAfter: number
}

export interface NightOptions {
  readonly limits: NightLimits
  readonly prepare: PreparePayload
  /** Gets a board, waiting for it if need be. @throws HilError `lock.held` and the like */
  readonly open: (board: string) => Promise<NightBoard>
  /** What is run in a cell. */
  readonly jobOf: (cell: NightCell, boots: JobPayload) => CellJob
  /** What shows that a board is well; absent where nothing does. */
  readonly healthJob: CellJob | undefined
  readonly hooks: CellHooks
  /** Keeps the record; called after each step. */
  readonly save: (record: NightRecord) => Promise<void>
  readonly onUpdate: (update: NightUpdate) => void
  /** Ends it; its reason is the name of a signal, or a sentence: why no more cells are run. */
  readonly signal: AbortSignal
}

/** How a night stands, told whenever something begins or ends. */
export interface NightUpdate {
  readonly record: NightRecord
  /** What runs now, by board. */
  readonly running: readonly { readonly board: string; readonly what: string; readonly since: number }[]
  readonly building: { readonly payload: string; readonly since: number } | undefined
}

/**
 * Runs the cells of a night that have no outcome yet: as many boards at once as can be had, each from its first cell to its
 * last, while payloads are built one after the other.
 *
 * @throws what `save` throws; what was found out before is kept
 */
export function conductNight(options: NightOptions, record: NightRecord): Promise<NightRecord> {
  return new Conductor(options, record).run()
}

class Conductor {
  readonly #options: NightOptions
  readonly #record: KeptRecord
  readonly #payloads: PayloadLine
  readonly #running = new Map<string, { what: string; since: number }>()
  /** Absent where every board may work whenever it can. */
  readonly #turns: Slots | undefined
  readonly #stop = new AbortController()
  #failure: { readonly error: unknown } | undefined

  constructor(options: NightOptions, record: NightRecord) {
    const { stopped: _, ...rest } = record
    this.#options = options
    this.#record = new KeptRecord(rest, options.save)
    const { atOnce } = options.limits
    this.#turns = atOnce === undefined ? undefined : new Slots(atOnce)
    this.#payloads = new PayloadLine({
      ...{ record: this.#record, prepare: options.prepare, signal: this.#stop.signal },
      onChange: () => {
        this.#tell()
      },
    })
  }

  async run(): Promise<NightRecord> {
    const { signal } = this.#options
    const onAbort = () => {
      this.#end(String(signal.reason))
    }
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
    const boards = new Set(this.#record.open().map(({ board }) => board))
    this.#tell()
    await Promise.all([
      this.#payloads.prepareAll().catch((error: unknown) => {
        this.#fail(error)
      }),
      ...[...boards].map((board) => this.#serve(board)),
    ])
    signal.removeEventListener('abort', onAbort)
    await this.#record.settled()
    if (this.#failure !== undefined) throw this.#failure.error
    const isDone = this.#record.open().length === 0
    await this.#keep(isDone ? { finishedAt: new Date().toISOString() } : { stopped: this.#stopReason() })
    return this.#record.current
  }

  #stopReason(): string {
    return this.#stop.signal.aborted ? String(this.#stop.signal.reason) : 'boards were missing'
  }

  #end(why: string): void {
    this.#stop.abort(why === 'SIGINT' || why === 'SIGTERM' ? `it was interrupted (${why})` : why)
  }

  /** All cells of one board. */
  async #serve(board: string): Promise<void> {
    const { limits, healthJob } = this.#options
    const standing = new BoardStanding(limits.boardAfter, healthJob !== undefined)
    let own: NightBoard | undefined
    try {
      for (;;) {
        const cell = await this.#next(board)
        if (cell === undefined) break
        if (own?.isGone === true) {
          await own.close()
          own = undefined
        }
        own ??= await this.#open(board)
        if (own === undefined) break
        if (standing.now !== 'trusted') {
          if (await this.#check(board, own, standing)) continue
          break
        }
        const attempts = await this.#run(cell, own)
        if (attempts === undefined) break
        standing.count(attempts)
      }
    } catch (error) {
      this.#fail(error)
    } finally {
      this.#running.delete(board)
      await own?.close()
      this.#tell()
    }
  }

  /** The next cell whose payload is there; waits while one is built. */
  async #next(board: string): Promise<NightCell | undefined> {
    for (;;) {
      if (this.#stop.signal.aborted) return undefined
      const open = this.#record.open({ board })
      const ready = open.find(({ payload }) => this.#payloads.isReady(payload))
      if (ready !== undefined || open.length === 0) return ready
      this.#running.delete(board)
      await this.#payloads.next()
    }
  }

  async #open(board: string): Promise<NightBoard | undefined> {
    this.#show(board, 'is being leased')
    try {
      return await this.#options.open(board)
    } catch (error) {
      if (this.#stop.signal.aborted) return undefined
      const blame = error instanceof HilError ? error.blame : 'hil'
      await this.#takeOut(board, messageOf(error), blame)
      return undefined
    }
  }

  /**
   * Has a board that is in doubt show that it is well, and takes it out where it does not.
   * @returns whether it goes on, be it with another check
   */
  async #check(board: string, own: NightBoard, standing: BoardStanding): Promise<boolean> {
    const { healthJob } = this.#options
    const { failuresInARow } = standing
    if (healthJob === undefined) {
      await this.#takeOut(board, `the bench failed ${failuresInARow} times in a row with it`)
      return false
    }
    const result = await this.#inTurn(board, () => {
      this.#show(board, 'health check')
      return own.run(healthJob)
    })
    if (result === undefined) return false
    await this.#keep({ health: [...this.#record.current.health, { board, ...result }] })
    if (standing.countCheck(result) !== 'out') return true
    const before = failuresInARow > 0 ? `after ${failuresInARow} failures of its bench in a row ` : ''
    await this.#takeOut(
      board,
      result.isOfHost === true
        ? `the host is not well, so nothing is known of the board: ${result.why}`
        : `${before}it does not boot what it has: ${result.why}`,
    )
    return false
  }

  /** @returns what the last try of a cell came to; `undefined` where it was stopped */
  async #run(cell: NightCell, own: NightBoard): Promise<CellAttempt | undefined> {
    const boots = this.#payloads.bootsOf(cell)
    const { jobOf, hooks, limits } = this.#options
    const what = `${cell.payload} ${cell.spec}`
    const run = {
      ...{ cell, job: jobOf(cell, boots), hooks, infrastructureRetries: limits.infrastructureRetries },
      onTry: (attempt: number) => {
        this.#show(cell.board, attempt === 0 ? what : `${what}, once more`)
      },
      onFailed: (failed: readonly CellAttempt[]) =>
        this.#keep({ cells: this.#record.with({ ...cell, attempts: failed }) }),
      signal: this.#stop.signal,
    }
    const attempts = await this.#inTurn(cell.board, () => runCell(run, own))
    const last = attempts?.at(-1)
    if (attempts === undefined || last === undefined) return undefined
    this.#running.delete(cell.board)
    await this.#finish({ ...cell, attempts }, last)
    return last
  }

  /** Where only so many boards may work at a time. @returns `undefined` where it was stopped before its turn */
  async #inTurn<T>(board: string, work: () => Promise<T>): Promise<T | undefined> {
    if (this.#turns === undefined) return work()
    using t = startDeadline(Number.POSITIVE_INFINITY, `a turn of ${board}`, { signal: this.#stop.signal })
    this.#show(board, 'waits for its turn')
    const leave = await this.#turns.take(t).catch((error: unknown) => {
      if (this.#stop.signal.aborted) return undefined
      throw error
    })
    if (leave === undefined) return undefined
    try {
      return await work()
    } finally {
      leave()
    }
  }

  async #finish(cell: NightCell, { verdict, why }: CellAttempt): Promise<void> {
    const { payloadAfter, stopAfter } = this.#options.limits
    const { blame } = verdicts[verdict]
    const done = { ...cell, outcome: verdict, why, ...(blame && { blame }) }
    const isRunning = ({ board }: NightCell) => this.#running.has(board)
    const cells = withoutHopeless(this.#record.with(done), cell.payload, payloadAfter, isRunning)
    await this.#keep({ cells })
    const enough = enoughFailures(this.#record.current.cells, stopAfter)
    if (enough !== undefined) this.#end(enough)
  }

  async #takeOut(board: string, why: string, blame: Blame = 'infrastructure'): Promise<void> {
    const outcome = { outcome: 'not-run', blame, why: `${board} is out: ${why}` } as const
    await this.#keep({
      boardsOut: { ...this.#record.current.boardsOut, [board]: why },
      cells: this.#record.withoutRun({ board }, outcome),
    })
  }

  #show(board: string, what: string): void {
    this.#running.set(board, { what, since: now() })
    this.#tell()
  }

  #tell(): void {
    const running = [...this.#running].map(([board, rest]) => ({ board, ...rest }))
    this.#options.onUpdate({ record: this.#record.saved, running, building: this.#payloads.building })
  }

  #fail(error: unknown): void {
    this.#failure ??= { error }
    this.#end(messageOf(error))
  }

  async #keep(change: Partial<NightRecord>): Promise<void> {
    await this.#record.keep(change)
    this.#tell()
  }
}
