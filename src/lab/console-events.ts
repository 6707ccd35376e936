import { formatDuration } from '../core/duration.ts'
import type { ConsoleBytes, EmitEvent } from '../core/events.ts'
import { RedactedStream, type Redactor } from '../core/redaction.ts'
import type { BoardObserver } from './board-observer.ts'

/** Turns what goes over the console of a board into events, without its secrets. */
export class ConsoleEvents {
  readonly #board: string
  readonly #emit: EmitEvent
  readonly #received: RedactedStream
  readonly #sent: RedactedStream
  readonly #observer: BoardObserver | undefined
  #receivedBytes = 0

  constructor(board: string, redactor: Redactor, emit: EmitEvent, observer?: BoardObserver) {
    this.#board = board
    this.#emit = emit
    this.#observer = observer
    this.#received = new RedactedStream(redactor)
    this.#sent = new RedactedStream(redactor)
  }

  /** How many bytes were received so far, counted as the events hold them. */
  get receivedBytes(): number {
    return this.#receivedBytes
  }

  /** Counts from 0 again, for events that go to a report of their own from now on. */
  restartCount(): void {
    this.#receivedBytes = 0
    this.#observer?.countRestarted()
  }

  received(bytes: Uint8Array): void {
    this.#emitReceived(this.#received.push(bytes))
  }

  sent(bytes: Uint8Array): void {
    this.#emitSent(this.#sent.push(bytes))
  }

  broke(): void {
    this.#emitSent(this.#sent.end())
    this.#emit({ type: 'console-break', board: this.#board })
  }

  /** The line is away, and may come back. */
  lost(reason: Error): void {
    this.flush()
    this.#observer?.interrupted()
    this.#emit({ type: 'console-lost', board: this.#board, reason: reason.message })
  }

  back(awayMs: number): void {
    this.#emit({ type: 'console-back', board: this.#board, awayMs: Math.round(awayMs) })
  }

  /** The line is not there yet, and waited for. */
  absent({ message }: Error, patienceMs: number): void {
    const waited = `the console is waited for, up to ${formatDuration(patienceMs)}: ${message}`
    this.#emit({ type: 'note', level: 'warning', board: this.#board, message: waited })
  }

  /** @param error why the line is gone, `undefined` when we closed it */
  closed(error: Error | undefined): void {
    this.flush()
    if (error !== undefined) this.#emit({ type: 'console-closed', board: this.#board, reason: error.message })
  }

  /** Lets out what was held back because a secret might have begun in it. */
  flush(): void {
    this.#emitReceived(this.#received.end())
    this.#emitSent(this.#sent.end())
  }

  #emitReceived(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.#receivedBytes += bytes.length
    this.#emit({ type: 'console-rx', board: this.#board, ...toConsoleBytes(bytes) })
    this.#observer?.received(bytes)
  }

  #emitSent(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#emit({ type: 'console-tx', board: this.#board, ...toConsoleBytes(bytes) })
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function toConsoleBytes(bytes: Uint8Array): ConsoleBytes {
  try {
    return { text: utf8.decode(bytes) }
  } catch {
    return { base64: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64') }
  }
}
