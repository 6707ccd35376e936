import type { Output } from './output.ts'

const clearToEndOfLine = '\x1b[K'
const clearToEndOfScreen = '\x1b[J'

/**
 * A terminal with some lines at the bottom that change while others scroll by above them. Each change
 * is one write that overwrites in place, so nothing flickers. Without a terminal only `print` shows.
 */
export class Screen {
  readonly #output: Output
  #shown: readonly string[] = []
  #wanted: readonly string[] = []
  #isSuspended = false

  constructor(output: Output) {
    this.#output = output
  }

  get output(): Output {
    return this.#output
  }

  /** Prints lines above the live ones. @param text ends with a line feed */
  print(text: string): void {
    if (text === '') return
    this.#draw(text, this.#isSuspended ? [] : this.#wanted)
  }

  /** Replaces the live lines. Each must fit into the width of the terminal. */
  setLive(lines: readonly string[]): void {
    this.#wanted = lines
    if (!this.#isSuspended && !sameLines(lines, this.#shown)) this.#draw('', lines)
  }

  /** Takes the live lines away, e.g. while a person has the terminal. */
  suspend(): void {
    this.#draw('', [])
    this.#isSuspended = true
  }

  resume(): void {
    this.#isSuspended = false
    this.setLive(this.#wanted)
  }

  #draw(above: string, live: readonly string[]): void {
    if (!this.#output.isTerminal) {
      this.#output.write(above)
      return
    }
    const up = this.#shown.length > 1 ? `\x1b[${this.#shown.length - 1}A` : ''
    const start = this.#shown.length > 0 ? `\r${up}` : ''
    const aboveLines = above.replaceAll('\n', `${clearToEndOfLine}\n`)
    const bottom = live.map((line) => `${line}${clearToEndOfLine}`).join('\n')
    const leftOver = this.#shown.length > live.length ? clearToEndOfScreen : ''
    this.#output.write(`${start}${aboveLines}${bottom}${leftOver}`)
    this.#shown = live
  }
}

function sameLines(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, index) => line === b[index])
}
