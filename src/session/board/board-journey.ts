import type { Deadline } from '../../core/deadline.ts'
import type { HilError } from '../../core/errors.ts'
import type { StrategyRunner } from '../../strategy/strategy-runner.ts'
import { wrongStateError } from './board-errors.ts'
import { GotoRecord } from './goto-record.ts'
import { isShell } from './handle-kinds.ts'
import type { KernelWatch } from '../kernel/kernel-watch.ts'
import type { BootWitness } from '../proof/boot-witness.ts'

/** Brings one board from state to state, has each boot proven, and knows why it is nowhere if it is. */
export class BoardJourney {
  readonly #board: string
  readonly #runner: StrategyRunner
  readonly #witness: BootWitness
  readonly #kernel: KernelWatch
  #gotos: GotoRecord
  /** Why the board does not answer, since it was last given power. */
  #death: HilError | undefined

  constructor(board: string, runner: StrategyRunner, witness: BootWitness, kernel: KernelWatch) {
    this.#board = board
    this.#runner = runner
    this.#witness = witness
    this.#kernel = kernel
    this.#gotos = new GotoRecord(board)
  }

  /** What failed in a run before says nothing about the next one. */
  startRun(): void {
    this.#gotos = new GotoRecord(this.#board)
  }

  died(error: HilError): void {
    this.#death ??= error
    this.#runner.die()
  }

  powered(): void {
    this.#death = undefined
    this.#runner.revive()
  }

  goto(state: string, t: Deadline): Promise<void> {
    return this.#travel(state, () => this.#runner.goto(state, t), t)
  }

  /** Starts the board anew and brings it back to where it is. */
  reboot(t: Deadline): Promise<void> {
    return this.#travel(this.#runner.state, () => this.#runner.restart(t), t)
  }

  async #travel(state: string, go: () => Promise<unknown>, t: Deadline): Promise<void> {
    this.#gotos.assertWorthwhile(state)
    try {
      await this.#go(go, t)
      this.#gotos.reached(state)
    } catch (error) {
      // A caller that gave up early says nothing about the board.
      if (!t.signal.aborted) this.#gotos.failed(state, error)
      throw error
    }
  }

  /** A call that the board's state does not allow; what the board died of comes first. */
  wrongState(needed: 'shell' | 'bootloader'): HilError {
    return this.#death ?? wrongStateError(this.#board, this.#runner.state, needed, this.#gotos.lastFailure)
  }

  async #go(go: () => Promise<unknown>, t: Deadline): Promise<void> {
    this.#death = undefined
    try {
      await go()
    } catch (error) {
      throw t.signal.aborted ? error : await this.#witness.failed(error)
    }
    const { handle } = this.#runner
    if (isShell(handle)) this.#kernel.runs()
    try {
      await this.#witness.reached(isShell(handle) ? handle : undefined, t)
    } catch (error) {
      this.#runner.lose()
      throw error
    }
  }
}
