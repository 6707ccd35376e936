import { isDeadlineExceeded, type Deadline } from '../../core/deadline.ts'
import type { RunEventBody } from '../../core/events.ts'

/** What a board said on its main console since it was last asked to listen. */
export class Heard {
  readonly #board: string
  #bytes = Buffer.alloc(0)
  #onMore: (() => void) | undefined
  /** Why the line to the console is gone. */
  #closedBy: string | undefined

  constructor(board: string) {
    this.#board = board
  }

  /** To be told of everything that happens. */
  event(event: RunEventBody): void {
    if (event.type === 'console-closed' && event.board === this.#board) {
      this.#closedBy = event.reason
      this.#onMore?.()
    }
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
    this.#closedBy = undefined
  }

  /** Why nothing can be heard any more; `undefined` where the line is there. */
  get closedBy(): string | undefined {
    return this.#closedBy
  }

  get bytes(): Uint8Array {
    return this.#bytes
  }

  /** Waits for so many bytes, as long as there is a line. @returns whether they came in time */
  async hears(count: number, t: Deadline): Promise<boolean> {
    const enough = new Promise<void>((resolve) => {
      this.#onMore = () => {
        if (this.#bytes.length >= count || this.#closedBy !== undefined) resolve()
      }
      this.#onMore()
    })
    try {
      await t.race(enough)
      return this.#bytes.length >= count
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
