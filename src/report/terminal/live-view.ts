import { now } from '../../core/clock.ts'
import type { RunRecord } from '../run-record.ts'
import { LiveLines } from './live-lines.ts'
import { liveStatus } from './live-status.ts'
import type { Paint } from './paint.ts'
import type { Screen } from './screen.ts'

/** A live line for each board of a run, from the first event to `stop`. */
export class LiveView {
  readonly #screen: Screen
  readonly #paint: Paint
  readonly #lines: LiveLines

  constructor(screen: Screen, paint: Paint) {
    this.#screen = screen
    this.#paint = paint
    this.#lines = new LiveLines(screen)
  }

  /** To be called at each event. */
  update(record: RunRecord): void {
    const updatedAt = now()
    this.#lines.show(() => {
      const t = record.t + now() - updatedAt
      return liveStatus(record, t, this.#screen.output.columns, this.#paint)
    })
  }

  stop(): void {
    this.#lines.stop()
  }
}
