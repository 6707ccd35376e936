import type { ConsoleBytes } from '../core/events.ts'
import { renderConsoleText } from './rendered-text.ts'

/** A line of console output as text: no control sequence, no control character but what a space can show. */
export interface ConsoleLine {
  /** When its last byte arrived, in milliseconds since the run began. */
  readonly t: number
  readonly text: string
}

/** A longer line goes on in the next one, so that a megabyte without a line end stays readable. */
const maximumLine = 4096

/**
 * Makes lines out of the bytes of one console. Escape sequences are applied where they move within
 * a line (carriage return, backspace, erase) and dropped otherwise: nothing that a board sends can
 * reach a terminal or end a file early.
 */
export class ConsoleText {
  readonly #onLine: (line: ConsoleLine) => void
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  #unfinished = ''
  #t = 0
  /** The start of the line was given out already, by `breakLine`: an empty rest is no line. */
  #broken = false

  constructor(onLine: (line: ConsoleLine) => void) {
    this.#onLine = onLine
  }

  push(bytes: ConsoleBytes, t: number): void {
    const text = this.#decode(bytes)
    this.#t = t
    let start = 0
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      this.#append(text.slice(start, end))
      this.#endLine()
      start = end + 1
    }
    this.#append(text.slice(start))
  }

  /** What has arrived of the line that is not ended yet. */
  get unfinished(): string {
    return renderConsoleText(this.#unfinished).at(-1) ?? ''
  }

  /** Gives out the unfinished line, if there is one; its rest will be a line of its own. */
  breakLine(): void {
    if (this.#unfinished === '') return
    this.#emit(this.#unfinished)
    this.#unfinished = ''
    this.#broken = true
  }

  #decode(bytes: ConsoleBytes): string {
    if (bytes.base64 !== undefined) {
      return this.#decoder.decode(Buffer.from(bytes.base64, 'base64'), { stream: true })
    }
    return this.#decoder.decode() + bytes.text
  }

  #append(text: string): void {
    this.#unfinished += text
    while (this.#unfinished.length > maximumLine) {
      const cut = cutPoint(this.#unfinished)
      this.#emit(this.#unfinished.slice(0, cut))
      this.#unfinished = this.#unfinished.slice(cut)
      this.#broken = true
    }
  }

  #endLine(): void {
    const rest = this.#unfinished
    const isRestOfNothing = this.#broken && rest.replaceAll('\r', '') === ''
    this.#unfinished = ''
    this.#broken = false
    if (!isRestOfNothing) this.#emit(rest)
  }

  #emit(raw: string): void {
    for (const text of renderConsoleText(raw)) this.#onLine({ t: this.#t, text })
  }
}

/** Where a line that is too long is cut: not inside an escape sequence nor a surrogate pair. */
function cutPoint(line: string): number {
  const escape = line.lastIndexOf('\x1b', maximumLine)
  if (escape > maximumLine - 32) return escape
  const last = line.charCodeAt(maximumLine - 1)
  return last >= 0xd800 && last <= 0xdbff ? maximumLine - 1 : maximumLine
}
