import { consoleName, isConsoleEvent } from '../../core/console-events.ts'
import type { RunEvent } from '../../core/events.ts'
import { plainText } from '../../report/rendered-text.ts'

/** What happens on one of a board's lines, as far as it is shown. */
interface Said {
  readonly type: string
  readonly text?: string
  readonly base64?: string
  readonly reason?: string
}

/** All consoles of a board on one screen: their bytes as they are, and whose they are where another speaks. */
export class ConsoleView {
  readonly #board: string
  readonly #write: (bytes: string | Uint8Array) => void
  #speaker: string
  #isLineOpen = false

  constructor(board: string, write: (bytes: string | Uint8Array) => void) {
    this.#board = board
    this.#speaker = board
    this.#write = write
  }

  show(event: RunEvent): void {
    if (!('board' in event) || event.board !== this.#board) return
    if (event.type === 'other-console') {
      if (isConsoleEvent(event.event)) this.#show(consoleName(event.board, event.console), event.event)
    } else if (isConsoleEvent(event)) this.#show(event.board, event)
  }

  /** What no console has said. */
  remark(text: string): void {
    this.#write(`${this.#isLineOpen ? '\r\n' : ''}[${plainText(text)}]\r\n`)
    this.#isLineOpen = false
  }

  #show(speaker: string, event: Said): void {
    switch (event.type) {
      case 'console-rx':
        this.#turnTo(speaker)
        this.#bytes(event.text ?? Buffer.from(event.base64 ?? '', 'base64'))
        break
      case 'console-lost':
        this.remark(`${speaker} is away: ${event.reason ?? ''}; what it says meanwhile may be missing`)
        break
      case 'console-back':
        this.remark(`${speaker} is back`)
        break
      case 'console-closed':
        this.remark(`${speaker} is gone: ${event.reason ?? ''}`)
        break
    }
  }

  #turnTo(speaker: string): void {
    if (speaker === this.#speaker) return
    this.#speaker = speaker
    this.remark(speaker)
  }

  #bytes(bytes: string | Uint8Array): void {
    this.#write(bytes)
    const last = bytes.at(-1)
    this.#isLineOpen = last !== '\n' && last !== 0x0a
  }
}
