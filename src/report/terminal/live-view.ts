import { now } from '../../core/clock.ts'
import type { RunRecord } from '../run-record.ts'
import { liveStatus } from './live-status.ts'
import type { Paint } from './paint.ts'
import type { Screen } from './screen.ts'

/** The live lines change at most this often, in milliseconds. */
const redrawMs = 100

/** Keeps the live lines of a terminal true, from the first event to `stop`. Does nothing without a terminal. */
export class LiveView {
  readonly #screen: Screen
  readonly #paint: Paint
  #timer: NodeJS.Timeout | undefined
  #record: RunRecord | undefined
  /** When the last event came, on our clock. */
  #updatedAt = 0

  constructor(screen: Screen, paint: Paint) {
    this.#screen = screen
    this.#paint = paint
  }

  /** To be called at each event. */
  update(record: RunRecord): void {
    this.#record = record
    this.#updatedAt = now()
    if (!this.#screen.output.isTerminal) return
    this.#timer ??= setInterval(() => {
      this.#redraw()
    }, redrawMs).unref()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#screen.setLive([])
  }

  #redraw(): void {
    if (this.#record === undefined) return
    const t = this.#record.t + now() - this.#updatedAt
    this.#screen.setLive(liveStatus(this.#record, t, this.#screen.output.columns, this.#paint))
  }
}
