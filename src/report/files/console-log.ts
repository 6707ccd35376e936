import type { ConsoleBytes, OtherConsoleEvent } from '../../core/events.ts'
import { formatDuration } from '../../core/duration.ts'
import { ConsoleText } from '../console-text.ts'
import { formatTime } from '../format.ts'

/**
 * A console as text that people read: what was received (`│`) and what was sent (`»`), each line with
 * the time of its end in seconds since the run began. Times never go back: what the board had said
 * of a line when something was sent stands on a line of its own.
 */
export class ConsoleLog {
  #lines: string[] = []
  readonly #received = new ConsoleText(({ t, text }) => {
    this.#add(t, '│', text)
  })
  readonly #sent = new ConsoleText(({ t, text }) => {
    this.#received.breakLine()
    this.#add(t, '»', text)
  })

  /** @returns the lines that became complete */
  take(event: OtherConsoleEvent['event'], t: number): string {
    switch (event.type) {
      case 'console-rx':
        return this.received(event, t)
      case 'console-tx':
        return this.sent(event, t)
      case 'console-break':
        return this.broke(t)
      case 'console-lost':
        return this.lost(event.reason, t)
      case 'console-back':
        return this.back(event.awayMs, t)
      case 'console-closed':
        return this.closed(event.reason, t)
      case 'kernel-finding':
        return ''
    }
  }

  /** @returns the lines that became complete */
  received(bytes: ConsoleBytes, t: number): string {
    this.#received.push(bytes, t)
    return this.#take()
  }

  sent(bytes: ConsoleBytes, t: number): string {
    this.#sent.push(visibleKeys(bytes), t)
    return this.#take()
  }

  /** A break was sent. */
  broke(t: number): string {
    this.#finish()
    this.#add(t, '»', '<break>')
    return this.#take()
  }

  /** Bytes may be missing from here on. */
  lost(reason: string, t: number): string {
    return this.#remark(t, `the console is away, and waited for: ${reason}`)
  }

  back(awayMs: number, t: number): string {
    return this.#remark(
      t,
      `the console is back after ${formatDuration(awayMs)}; what was said meanwhile may be missing`,
    )
  }

  closed(reason: string, t: number): string {
    return this.#remark(t, reason)
  }

  /** @returns what was not ended by a line end */
  end(): string {
    this.#finish()
    return this.#take()
  }

  #remark(t: number, text: string): string {
    this.#finish()
    this.#add(t, '×', text)
    return this.#take()
  }

  #finish(): void {
    this.#received.breakLine()
    this.#sent.breakLine()
  }

  #add(t: number, sign: string, text: string): void {
    this.#lines.push(`${formatTime(t)} ${sign} ${text}`.trimEnd())
  }

  #take(): string {
    const text = this.#lines.map((line) => `${line}\n`).join('')
    this.#lines = []
    return text
  }
}

/** Keys as they are written in print: `^C`; a return ends the line, as does what interrupts or ends input. */
function visibleKeys({ text, base64 }: ConsoleBytes): ConsoleBytes {
  const keys = text ?? Buffer.from(base64, 'base64').toString()
  const visible = keys
    .replace(/\r\n?/g, '\n')
    .replace(/[\x00-\x09\x0b-\x1f\x7f]/g, (key) => `^${String.fromCharCode(key.charCodeAt(0) ^ 0x40)}`)
    .replace(/\^[CD](?!\n)/g, '$&\n')
  return { text: visible }
}
