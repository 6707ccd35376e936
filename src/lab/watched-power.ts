import { setTimeout as wait } from 'node:timers/promises'
import type { PowerState, PowerSwitch } from '../board/power-switch.ts'
import { now } from '../core/clock.ts'
import { formatChain, isDeadlineExceeded, type Deadline } from '../core/deadline.ts'
import { HilError } from '../core/errors.ts'
import { finishBy } from '../core/finish-by.ts'

export interface PowerListener {
  switched(action: 'on' | 'off', ok: boolean): void
  /** Power is about to be switched on. */
  powering?(): void
  /** Power is switched off when this has resolved. */
  unpowering?(): Promise<void>
}

/** How long a switch that hangs may take to say why itself: less than those have who wait for it. */
const graceMs = 250

/**
 * The switch of a board that was taken: everything it does is told, and whoever switches on can't
 * forget the off time. A board that never really lost power keeps its state.
 */
export class WatchedPower implements PowerSwitch {
  readonly #board: string
  readonly #power: PowerSwitch
  readonly #offTimeMs: number
  readonly #on: PowerListener
  /** A board found without power may have lost it a moment ago. */
  #offSince = now()

  /** @param offTimeMs how long the board stays without power at least, in milliseconds */
  constructor(board: string, power: PowerSwitch, offTimeMs: number, on: PowerListener) {
    this.#board = board
    this.#power = power
    this.#offTimeMs = offTimeMs
    this.#on = on
  }

  async on(t: Deadline): Promise<void> {
    if (this.#restMs > 0 && (await this.state(t)) !== 'on') {
      // A timer may come a little early.
      while (this.#restMs > 0) await t.race(wait(Math.ceil(this.#restMs), undefined, { signal: t.signal }))
    }
    this.#on.powering?.()
    await this.#told('on', this.#power.on(t), t)
  }

  async off(t: Deadline): Promise<void> {
    await t.race(this.#on.unpowering?.() ?? Promise.resolve())
    await this.#told('off', this.#power.off(t), t)
    this.#offSince = now()
  }

  state(t: Deadline): Promise<PowerState> {
    return this.#answer('its state', this.#power.state(t), t)
  }

  /** How much longer the board has to be without power. */
  get #restMs(): number {
    return this.#offTimeMs - (now() - this.#offSince)
  }

  async #told(action: 'on' | 'off', work: Promise<void>, t: Deadline): Promise<void> {
    try {
      await this.#answer(`"${action}"`, work, t)
    } catch (error) {
      this.#on.switched(action, false)
      throw error
    }
    this.#on.switched(action, true)
  }

  /** Names the switch, where it hangs, in place of all that waits for it. */
  async #answer<T>(asked: string, work: Promise<T>, t: Deadline): Promise<T> {
    try {
      return await finishBy(work, t, graceMs)
    } catch (error) {
      throw t.signal.aborted && isDeadlineExceeded(error) ? this.#noAnswer(asked, t, error) : error
    }
  }

  #noAnswer(asked: string, t: Deadline, cause: HilError): HilError {
    return new HilError(
      'power.timeout',
      `the power switch of ${this.#board} did not answer when asked for ${asked} (${formatChain(t.chain())}); is it reachable, and does it work by hand?`,
      { blame: 'infrastructure', details: { board: this.#board, chain: t.chain() }, cause },
    )
  }
}
