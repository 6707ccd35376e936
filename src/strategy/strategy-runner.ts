import { now } from '../core/clock.ts'
import type { Deadline } from '../core/deadline.ts'
import { blameOf, HilError, messageOf, toSerializedError } from '../core/errors.ts'
import type { EmitEvent, StateEntered } from '../core/events.ts'
import { finishBy } from '../core/finish-by.ts'
import { answers } from './answers.ts'
import { assertState } from './assert-state.ts'
import { planPath } from './plan-path.ts'
import type { CheckedEdge, Strategy, StrategyBoard } from './strategy.ts'

/** The state of a board of which nothing is known. */
export const unknownState = 'unknown'

/** The state that all strategies for boards with a bootloader call so. */
const bootloaderState = 'bootloader'

export interface StrategyRunnerOptions {
  readonly strategy: Strategy
  readonly board: StrategyBoard
  /** Budgets by state name, in milliseconds, that replace the strategy's own. */
  readonly budgets: Readonly<Record<string, number>>
  /** Whether what runs on the board already may be used, or the first way has to start at rest. */
  readonly adoptRunning: boolean
  /** Runs before each probe and reset: repairs what a dead board left behind, e.g. a closed console. */
  readonly repair?: (t: Deadline) => Promise<void>
  /** Called before an edge that resets the board by other means than its power switch. */
  readonly onReset?: () => void
  readonly emit: EmitEvent
}

/**
 * Brings one board from state to state. While an edge runs the state is unknown, and if it fails it
 * stays so; the next `goto` then probes, and resets from rest when that does not tell. A failure
 * never spoils what comes after it.
 */
export class StrategyRunner {
  readonly #strategy: Strategy
  readonly #board: StrategyBoard
  readonly #options: StrategyRunnerOptions
  #state: string = unknownState
  #handle: unknown
  #lastKnown: string | undefined
  #isDoubtful = false
  #isOutdated = false
  #isDead = false
  #mayProbe: boolean

  constructor(options: StrategyRunnerOptions) {
    this.#options = options
    this.#strategy = options.strategy
    this.#board = options.board
    this.#mayProbe = options.adoptRunning
  }

  /** A state of the strategy, or `unknown`. */
  get state(): string {
    return this.#state
  }

  /** What the present state offers. */
  get handle(): unknown {
    return this.#handle
  }

  /** Says that the board is no longer known to be where it was. */
  lose(): void {
    this.#state = unknownState
    this.#handle = undefined
    this.#isDoubtful = false
  }

  /** Says that nothing on the board will answer any more: the next `goto` starts at rest, and asks nothing. */
  die(): void {
    this.lose()
    this.#isDead = true
  }

  /** Says that the board was given power anew. */
  revive(): void {
    this.lose()
    this.#isDead = false
  }

  /** Says that the board may have left its state: the next `goto` looks first. */
  doubt(): void {
    this.#isDoubtful = this.#state !== unknownState
  }

  /**
   * Says that what runs on the board is not what is to be booted any more: the next `goto` leaves it, by the
   * bootloader where a way leads there, else from rest.
   */
  outdate(): void {
    this.#isOutdated = true
    this.#mayProbe = false
  }

  /**
   * Brings the board to a state by the shortest way, and returns the handle of that state.
   * @throws the error of the edge that failed; `strategy.unknown-state` (environment)
   */
  async goto(target: string, t: Deadline): Promise<unknown> {
    assertState(this.#strategy, this.#board.name, target)
    await this.#findOut(t)
    const attempts = new Map<CheckedEdge, number>()
    while (this.#state !== target) {
      const edge = planPath(this.#costed(), this.#state, target)?.[0]?.edge
      if (edge === undefined) {
        await this.reset(t)
        continue
      }
      const attempt = (attempts.get(edge) ?? 0) + 1
      attempts.set(edge, attempt)
      const isOver = await this.#enter(edge, attempt, t)
      if (!isOver) await this.reset(t)
    }
    return this.#handle
  }

  /**
   * Starts the board anew, by an edge that resets it if one begins here, else by its power switch, and brings it back to
   * the state it is in.
   */
  async restart(t: Deadline): Promise<unknown> {
    const state = this.#state
    const edge = this.#strategy.edges.find(({ from, resets }) => from === state && resets)
    if (edge === undefined) await this.reset(t)
    else await this.#enter(edge, edge.retries + 1, t)
    return this.goto(state, t)
  }

  /** Looks where the board is, without changing it; -> the state. */
  async probe(t: Deadline): Promise<string> {
    const lastKnown = this.#lastKnown
    this.lose()
    using budget = t.within(this.#strategy.probeBudgetMs, `probing ${this.#board.name}`)
    const startedAt = now()
    try {
      await this.#options.repair?.(budget)
      const found = await finishBy(this.#strategy.probe(this.#board, budget, lastKnown), budget)
      if (found === undefined) return this.#state
      this.#enterState(unknownState, found.state, found.handle, startedAt, 'probe')
    } catch (error) {
      this.#board.takeConsole('nobody: a probe failed')
      t.throwIfOver()
      this.#board.note(`could not tell the state of the board: ${messageOf(error)}`)
    }
    return this.#state
  }

  /** Brings the board to rest from anywhere. */
  async reset(t: Deadline): Promise<void> {
    const { rest } = this.#strategy
    const from = this.#state
    const budgetMs = this.#options.budgets[rest] ?? this.#strategy.resetBudgetMs
    await this.#run({ from, to: rest, attempt: 1, budgetMs, retries: 0, by: 'reset' }, t, async (budget) => {
      await this.#options.repair?.(budget)
      await this.#strategy.reset(this.#board, budget)
      this.#isDead = false
    })
    this.#mayProbe = true
  }

  /** Makes sure that the state is known. */
  async #findOut(t: Deadline): Promise<void> {
    if (this.#isDoubtful) {
      this.#isDoubtful = false
      if (!(await answers(this.#handle, this.#board.power, t))) this.lose()
    }
    if (this.#isOutdated) await this.#leaveOutdated(t)
    if (this.#state === unknownState && this.#mayProbe && !this.#isDead) await this.probe(t)
    if (this.#state === unknownState) await this.reset(t)
  }

  /** Afterwards the board is at its bootloader or at rest. */
  async #leaveOutdated(t: Deadline): Promise<void> {
    const { states, rest } = this.#strategy
    const mustStop = states.some(({ name }) => name === bootloaderState)
    const way = mustStop ? planPath(this.#costed(), this.#state, bootloaderState) : undefined
    try {
      for (const { edge } of way ?? []) await this.#enter(edge, edge.retries + 1, t)
    } catch (error) {
      t.throwIfOver()
      this.#board.note(`what runs could not be left by itself, so power is switched: ${messageOf(error)}`)
    }
    if (this.#state !== bootloaderState && this.#state !== rest) await this.reset(t)
    this.#isOutdated = false
  }

  #costed() {
    return this.#strategy.edges.map((edge) => ({
      from: edge.from,
      to: edge.to,
      budgetMs: this.#budgetOf(edge),
      edge,
    }))
  }

  #budgetOf(edge: CheckedEdge): number {
    return this.#options.budgets[edge.to] ?? edge.budgetMs
  }

  /** @returns false when it failed and may be tried again from rest */
  async #enter(edge: CheckedEdge, attempt: number, t: Deadline): Promise<boolean> {
    const { from, to, retries } = edge
    const handle = this.#handle
    const passage = { from, to, attempt, budgetMs: this.#budgetOf(edge), retries, by: 'edge' as const }
    if (edge.resets) this.#options.onReset?.()
    return this.#run(passage, t, (budget) => edge.enter(this.#board, handle, budget))
  }

  async #run(passage: Passage, t: Deadline, enter: (t: Deadline) => Promise<unknown>): Promise<boolean> {
    const { from, to, attempt, budgetMs, retries, by } = passage
    const { emit } = this.#options
    const board = this.#board.name
    this.lose()
    emit({ type: 'state-entering', board, from, to, attempt, budgetMs })
    const startedAt = now()
    using budget = t.within(budgetMs, `${board}: ${from} -> ${to}`)
    try {
      const handle = await finishBy(enter(budget), budget)
      this.#enterState(from, to, handle, startedAt, by)
      return true
    } catch (thrown) {
      // What the edge left running, if anything, must not type into what comes next.
      this.#board.takeConsole('nobody: an edge of the strategy failed')
      const error = this.#ownError(thrown, passage, t)
      const willRetry = blameOf(error) === 'infrastructure' && attempt <= retries && !t.signal.aborted
      const durationMs = now() - startedAt
      emit({
        type: 'state-failed',
        ...{ board, from, to, attempt, durationMs, willRetry },
        error: toSerializedError(error),
      })
      if (!willRetry) throw error
      return false
    }
  }

  #enterState(from: string, to: string, handle: unknown, startedAt: number, by: StateEntered['by']): void {
    this.#state = to
    this.#handle = handle
    this.#lastKnown = to
    const durationMs = now() - startedAt
    this.#options.emit({ type: 'state-entered', board: this.#board.name, from, to, durationMs, by })
  }

  /** A strategy that throws something of its own (a TypeError, say) is a bug in that strategy. */
  #ownError(error: unknown, { from, to }: Passage, t: Deadline): unknown {
    if (error instanceof HilError || t.signal.aborted) return error
    const { name, file } = this.#strategy
    return new HilError(
      'strategy.broken',
      `the strategy "${name}"${file === undefined ? '' : ` (${file})`} threw on the way ${from} -> ${to}: ${messageOf(error)}`,
      {
        blame: file === undefined ? 'hil' : 'environment',
        details: { strategy: name, from, to },
        cause: error,
      },
    )
  }
}

interface Passage {
  readonly from: string
  readonly to: string
  readonly attempt: number
  readonly budgetMs: number
  readonly retries: number
  readonly by: StateEntered['by']
}
