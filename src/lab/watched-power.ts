import { setTimeout as wait } from 'node:timers/promises'
import type { PowerState, PowerSwitch } from '../board/power-switch.ts'
import { now } from '../core/clock.ts'
import type { Deadline } from '../core/deadline.ts'

interface PowerListener {
  switched(action: 'on' | 'off', ok: boolean): void
  /** Power is about to be switched on. */
  powering?(): void
  /** Power is switched off when this has resolved. */
  unpowering?(): Promise<void>
}

/**
 * The switch of a board that was taken: everything it does is told, and whoever switches on can't
 * forget the off time. A board that never really lost power keeps its state.
 */
export class WatchedPower implements PowerSwitch {
  readonly #power: PowerSwitch
  readonly #offTimeMs: number
  readonly #on: PowerListener
  /** A board found without power may have lost it a moment ago. */
  #offSince = now()

  /** @param offTimeMs how long the board stays without power at least, in milliseconds */
  constructor(power: PowerSwitch, offTimeMs: number, on: PowerListener) {
    this.#power = power
    this.#offTimeMs = offTimeMs
    this.#on = on
  }

  async on(t: Deadline): Promise<void> {
    const rest = this.#offTimeMs - (now() - this.#offSince)
    if (rest > 0 && (await this.state(t)) !== 'on') await t.race(wait(rest, undefined, { signal: t.signal }))
    this.#on.powering?.()
    await this.#told('on', this.#power.on(t))
  }

  async off(t: Deadline): Promise<void> {
    await t.race(this.#on.unpowering?.() ?? Promise.resolve())
    await this.#told('off', this.#power.off(t))
    this.#offSince = now()
  }

  state(t: Deadline): Promise<PowerState> {
    return this.#power.state(t)
  }

  async #told(action: 'on' | 'off', work: Promise<void>): Promise<void> {
    try {
      await work
    } catch (error) {
      this.#on.switched(action, false)
      throw error
    }
    this.#on.switched(action, true)
  }
}
