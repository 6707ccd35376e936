import { now } from '../../core/clock.ts'
import { HilError, messageOf, type Blame } from '../../core/errors.ts'
import type { CellAttempt, NightCell, NightPayload, NightRecord } from '../../core/night-record.ts'
import { verdictOf, verdicts, type Verdict } from '../../core/verdicts.ts'
import type { CellJob, JobPayload } from './worker/messages.ts'
import type { NightBoard } from './worker/board-process.ts'

/** What the plan says of giving up. */
export interface NightLimits {
  readonly infrastructureRetries: number
  readonly boardAfter: number
  readonly payloadAfter: number
  readonly stopAfter: number
}

/** What came of a payload: something to boot, or why not. */
export type PreparedPayload = Partial<NightPayload> & { readonly boots?: (board: string) => JobPayload }

export interface NightOptions {
  readonly limits: NightLimits
  /** Builds a payload; is never called twice at a time. @throws HilError for what is not the payload's fault */
  readonly prepare: (
    payload: NightPayload,
    boards: readonly string[],
    signal: AbortSignal,
  ) => Promise<PreparedPayload>
  /** Gets a board, waiting for it if need be. @throws HilError `lock.held` and the like */
  readonly open: (board: string) => Promise<NightBoard>
  /** What is run in a cell. */
  readonly jobOf: (cell: NightCell, boots: JobPayload) => CellJob
  /** What shows that a board is well; absent where nothing does. */
  readonly healthJob: CellJob | undefined
  /** Before and after a cell; what `before` throws is the bench's fault. */
  readonly hooks: {
    readonly before: (cell: NightCell) => Promise<void>
    readonly after: (cell: NightCell) => Promise<void>
  }
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

/** So many times a board may fail to show that it is well. */
const healthTries = 2

class Conductor {
  readonly #options: NightOptions
  readonly #boots = new Map<string, PreparedPayload['boots']>()
  /** Payloads that are not prepared yet, and whoever waits for one. */
  readonly #pending = new Set<string>()
  #wake: () => void = () => undefined
  #news = this.#nextNews()
  readonly #running = new Map<string, { what: string; since: number }>()
  #building: NightUpdate['building']
  #record: NightRecord
  #countedUntil = now()
  readonly #stop = new AbortController()
  /** What is on disk: nothing else is told. */
  #kept: NightRecord
  #saving: Promise<void> = Promise.resolve()
  #failure: { readonly error: unknown } | undefined

  constructor(options: NightOptions, record: NightRecord) {
    const { stopped: _, ...rest } = record
    this.#options = options
    this.#record = rest
    this.#kept = rest
  }

  async run(): Promise<NightRecord> {
    const { signal } = this.#options
    const onAbort = () => {
      this.#end(String(signal.reason))
    }
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
    const open = this.#record.cells.filter(isOpen)
    for (const { payload } of open) this.#pending.add(payload)
    this.#tell()
    await Promise.all([
      this.#prepareAll(),
      ...[...new Set(open.map(({ board }) => board))].map((board) => this.#serve(board)),
    ])
    signal.removeEventListener('abort', onAbort)
    await this.#saving
    if (this.#failure !== undefined) throw this.#failure.error
    const isDone = !this.#record.cells.some(isOpen)
    await this.#keep(isDone ? { finishedAt: new Date().toISOString() } : { stopped: this.#stopReason() })
    await this.#saving
    return this.#record
  }

  #stopReason(): string {
    return this.#stop.signal.aborted ? String(this.#stop.signal.reason) : 'boards were missing'
  }

  #end(why: string): void {
    this.#stop.abort(why === 'SIGINT' || why === 'SIGTERM' ? `it was interrupted (${why})` : why)
    this.#wake()
  }

  /** In the order in which cells want them. */
  async #prepareAll(): Promise<void> {
    while (this.#pending.size > 0 && !this.#stop.signal.aborted) {
      const name = this.#record.cells.find((cell) => isOpen(cell) && this.#pending.has(cell.payload))?.payload
      if (name === undefined) break
      await this.#prepare(name).catch((error: unknown) => {
        this.#fail(error)
      })
      this.#pending.delete(name)
      this.#wake()
    }
    this.#building = undefined
  }

  async #prepare(name: string): Promise<void> {
    const payload = this.#record.payloads.find((each) => each.name === name)
    if (payload === undefined) throw new RangeError(`there is no payload ${name}`)
    const started = now()
    this.#building = { payload: name, since: started }
    this.#tell()
    const boards = [...new Set(this.#openCells({ payload: name }).map(({ board }) => board))]
    let made: PreparedPayload
    try {
      made = await this.#options.prepare(payload, boards, this.#stop.signal)
    } catch (error) {
      if (this.#stop.signal.aborted) return
      made = { obstacle: { why: messageOf(error), blame: error instanceof HilError ? error.blame : 'hil' } }
    }
    this.#building = undefined
    const { boots, ...facts } = made
    this.#boots.set(name, boots)
    const { skipped: _, obstacle: _old, ...known } = payload
    const prepared = { ...known, durationMs: now() - started, ...facts }
    await this.#keep({
      payloads: this.#record.payloads.map((each) => (each.name === name ? prepared : each)),
      cells: this.#record.cells.map((cell) =>
        cell.payload === name && isOpen(cell) ? { ...cell, ...withoutRun(prepared) } : cell,
      ),
    })
  }

  /** All cells of one board. */
  async #serve(board: string): Promise<void> {
    let own: NightBoard | undefined
    let failuresInARow = 0
    let isProven = this.#options.healthJob === undefined
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
        if (!isProven) {
          isProven = await this.#isWell(board, own, failuresInARow)
          if (!isProven) break
          failuresInARow = 0
        }
        const verdict = await this.#run(cell, own)
        if (verdict === undefined) break
        failuresInARow = verdict === 'infrastructure-failed' ? failuresInARow + 1 : 0
        if (this.#options.limits.boardAfter > 0 && failuresInARow >= this.#options.limits.boardAfter) {
          if (this.#options.healthJob === undefined) {
            await this.#takeOut(board, `the bench failed ${failuresInARow} times in a row with it`)
            break
          }
          isProven = false
        }
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
      const open = this.#openCells({ board })
      const ready = open.find(({ payload }) => !this.#pending.has(payload))
      if (ready !== undefined || open.length === 0) return ready
      this.#running.delete(board)
      await this.#news
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

  async #isWell(board: string, own: NightBoard, failuresInARow: number): Promise<boolean> {
    const job = this.#options.healthJob
    if (job === undefined) return true
    let why = ''
    for (let attempt = 1; attempt <= healthTries; attempt++) {
      this.#show(board, 'health check')
      const result = await own.run(job)
      if (result === undefined) return false
      await this.#keep({ health: [...this.#record.health, { board, ...result }] })
      if (result.verdict === 'passed' || result.verdict === 'flaky') return true
      why = result.why
      if (own.isGone) break
    }
    const before = failuresInARow > 0 ? `after ${failuresInARow} failures of its bench in a row ` : ''
    await this.#takeOut(board, `${before}it does not boot what it has: ${why}`)
    return false
  }

  /** @returns undefined where it was stopped */
  async #run(cell: NightCell, own: NightBoard): Promise<Verdict | undefined> {
    const boots = this.#boots.get(cell.payload)?.(cell.board)
    if (boots === undefined) throw new RangeError(`${cell.payload} was not prepared`)
    const job = this.#options.jobOf(cell, boots)
    const attempts: CellAttempt[] = [...cell.attempts]
    for (let attempt = 0; attempt <= this.#options.limits.infrastructureRetries; attempt++) {
      this.#show(cell.board, `${cell.payload} ${cell.spec}${attempt === 0 ? '' : ', once more'}`)
      const result = await this.#try(cell, own, job)
      if (result === undefined) return undefined
      attempts.push(result)
      if (result.verdict !== 'infrastructure-failed' || own.isGone) break
      await this.#keep({ cells: this.#with({ ...cell, attempts }) })
    }
    const last = attempts.at(-1)
    if (last === undefined) return undefined
    const { verdict, why } = last
    const { blame } = verdicts[verdict]
    this.#running.delete(cell.board)
    const done = { ...cell, attempts, outcome: verdict, why, ...(blame && { blame }) }
    await this.#keep({ cells: this.#given(this.#with(done), cell.payload) })
    this.#stopIfEnough()
    return verdict
  }

  async #try(cell: NightCell, own: NightBoard, job: CellJob): Promise<CellAttempt | undefined> {
    const { before, after } = this.#options.hooks
    try {
      await before(cell)
    } catch (error) {
      if (this.#stop.signal.aborted) return undefined
      return notBegun(messageOf(error))
    }
    const result = await own.run(job)
    await after(cell)
    return result
  }

  /** What fails everywhere says no more by failing once more. */
  #given(cells: readonly NightCell[], payload: string): readonly NightCell[] {
    const { payloadAfter } = this.#options.limits
    if (payloadAfter === 0) return cells
    const done = cells.filter((cell) => cell.payload === payload && cell.outcome !== undefined)
    const failed = done.filter(({ outcome }) => outcome === 'board-failed' || outcome === 'test-failed')
    const isHopeful = done.some(({ outcome }) => outcome === 'passed' || outcome === 'flaky')
    if (isHopeful || failed.length < payloadAfter) return cells
    const blame = failed.at(-1)?.blame ?? 'board'
    const why = `given up: ${payload} has failed ${failed.length} cells and passed none`
    const isWaiting = (cell: NightCell) =>
      cell.payload === payload && isOpen(cell) && !this.#running.has(cell.board)
    return cells.map((cell) => (isWaiting(cell) ? { ...cell, outcome: 'not-run', blame, why } : cell))
  }

  #stopIfEnough(): void {
    const { stopAfter } = this.#options.limits
    const failed = this.#record.cells.filter(({ outcome }) => outcome !== undefined && isFailure(outcome))
    if (stopAfter > 0 && failed.length >= stopAfter) this.#end(`${failed.length} failed, which is the limit`)
  }

  async #takeOut(board: string, why: string, blame: Blame = 'infrastructure'): Promise<void> {
    const sentence = `${board} is out: ${why}`
    await this.#keep({
      boardsOut: { ...this.#record.boardsOut, [board]: why },
      cells: this.#record.cells.map((cell) =>
        cell.board === board && isOpen(cell) ? { ...cell, outcome: 'not-run', blame, why: sentence } : cell,
      ),
    })
  }

  #openCells(of: Partial<Pick<NightCell, 'board' | 'payload'>>): readonly NightCell[] {
    return this.#record.cells.filter(
      (cell) =>
        isOpen(cell) &&
        (of.board === undefined || cell.board === of.board) &&
        (of.payload === undefined || cell.payload === of.payload),
    )
  }

  #with(changed: NightCell): readonly NightCell[] {
    return this.#record.cells.map((cell) => (cell.id === changed.id ? changed : cell))
  }

  #show(board: string, what: string): void {
    this.#running.set(board, { what, since: now() })
    this.#tell()
  }

  #tell(): void {
    const running = [...this.#running].map(([board, rest]) => ({ board, ...rest }))
    this.#options.onUpdate({ record: this.#kept, running, building: this.#building })
  }

  #fail(error: unknown): void {
    this.#failure ??= { error }
    this.#end(messageOf(error))
  }

  #nextNews(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#news = this.#nextNews()
        resolve()
      }
    })
  }

  /** The record is the new one at once; many boards that end at a time are written once. */
  async #keep(change: Partial<NightRecord>): Promise<void> {
    const time = now()
    this.#record = { ...this.#record, ...change, activeMs: this.#record.activeMs + time - this.#countedUntil }
    this.#countedUntil = time
    const write = this.#saving.then(async () => {
      const record = this.#record
      if (this.#kept === record) return
      await this.#options.save(record)
      this.#kept = record
    })
    this.#saving = write.catch(() => undefined)
    await write
    this.#tell()
  }
}

function isOpen({ outcome }: NightCell): boolean {
  return outcome === undefined
}

/** Whether somebody has to act. */
export function isFailure(outcome: NonNullable<NightCell['outcome']>): boolean {
  return outcome !== 'passed' && outcome !== 'flaky' && outcome !== 'skipped'
}

/** What cells come to whose payload is not there, or has passed already. */
function withoutRun({ name, obstacle, skipped }: NightPayload): Partial<NightCell> {
  if (obstacle !== undefined) {
    const { why, blame } = obstacle
    return { outcome: verdictOf(blame), blame, why: `${name} can't be made: ${why}` }
  }
  return skipped === undefined ? {} : { outcome: 'skipped', why: skipped }
}

function notBegun(why: string): CellAttempt {
  return {
    ...{ startedAt: new Date().toISOString(), durationMs: 0, powerCycles: 0, why },
    verdict: 'infrastructure-failed',
    counts: { passed: 0, failed: 0, skipped: 0, flaky: 0 },
  }
}
