import type { ConsoleBytes } from '../core/events.ts'
import { ConsoleText, type ConsoleLine } from './console-text.ts'
import { OwnLines } from './hil-marks.ts'

/** How many console lines a failure can quote. */
const keptLines = 24

/** The last lines of a console that the board said, the unfinished one included. */
export class LastLines {
  #lines: ConsoleLine[] = []
  #lastReceived = 0
  readonly #ownLines = new OwnLines()
  readonly #text = new ConsoleText((line) => {
    if (this.#ownLines.has(line.text)) return
    this.#lines.push(line)
    if (this.#lines.length > 4 * keptLines) this.#lines = this.#lines.slice(-keptLines)
  })

  push(bytes: ConsoleBytes, t: number): void {
    this.#lastReceived = t
    this.#text.push(bytes, t)
  }

  get latest(): readonly ConsoleLine[] {
    const { unfinished } = this.#text
    const rest = unfinished.trim() === '' ? [] : [{ t: this.#lastReceived, text: unfinished }]
    return [...this.#lines, ...rest].slice(-keptLines)
  }
}
