import { isDeadlineExceeded, type Deadline } from '../../core/deadline.ts'
import type { RunEventBody } from '../../core/events.ts'

/** What a board said on its main console since it was last asked to listen. */
export class Heard {
  readonly #board: string
  #bytes = Buffer.alloc(0)
  #onMore: (() => void) | undefined

  constructor(board: string) {
    this.#board = board
  }

  /** To be told of everything that happens. */
  event(event: RunEventBody): void {
    if (event.type !== 'console-rx' || event.board !== this.#board) return
    const bytes =
      event.text === undefined ? Buffer.from(event.base64, 'base64') : Buffer.from(event.text, 'utf8')
    this.add(bytes)
  }

  add(bytes: Uint8Array): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes])
    this.#onMore?.()
  }

  /** Forgets what was said so far. */
  listen(): void {
    this.#bytes = Buffer.alloc(0)
  }

  get bytes(): Uint8Array {
    return this.#bytes
  }

  /** Waits for so many bytes. @returns whether they came in time */
  async hears(count: number, t: Deadline): Promise<boolean> {
    const enough = new Promise<void>((resolve) => {
      this.#onMore = () => {
        if (this.#bytes.length >= count) resolve()
      }
      this.#onMore()
    })
    try {
      await t.race(enough)
      return true
    } catch (error) {
      if (isDeadlineExceeded(error)) return false
      throw error
    } finally {
      this.#onMore = undefined
    }
  }

  /** Waits for a pause of so long. @returns whether one came in time */
  async hearsNothingFor(ms: number, t: Deadline): Promise<boolean> {
    for (;;) {
      const before = this.#bytes.length
      using pause = t.within(ms, 'silence')
      if (!(await this.hears(before + 1, pause))) return !t.signal.aborted
    }
  }
}
