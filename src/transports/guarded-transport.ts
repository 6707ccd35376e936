import type { Transport, TransportReader } from '../board/transport.ts'
import { HilError } from '../core/errors.ts'

/** The part of a transport that differs from one kind of line to the other. */
export interface Wire {
  /** See `Transport.isLossless`. */
  readonly isLossless?: boolean
  /** Rejects when the line went away before the bytes were handed over. */
  write(bytes: Uint8Array): Promise<void>
  /** See `Transport.sendBreak`. */
  sendBreak?(durationMs: number): Promise<void>
  /** Frees the line. Called once, and must not throw when the line is gone already. */
  release(): Promise<void>
}

/**
 * What every transport promises, kept in one place: `closed` is called once and last, `close` can be
 * called again, nothing is written to a line that is gone.
 */
export class GuardedTransport implements Transport {
  readonly description: string
  readonly isLossless: boolean
  readonly sendBreak: Transport['sendBreak']
  readonly #reader: TransportReader
  readonly #wire: Wire
  #released: Promise<void> | undefined
  #reason: Error | undefined

  constructor(description: string, reader: TransportReader, wire: Wire) {
    this.description = description
    this.isLossless = wire.isLossless ?? false
    this.#reader = reader
    this.#wire = wire
    if (wire.sendBreak !== undefined) {
      this.sendBreak = (durationMs) => this.#toWire(async () => wire.sendBreak?.(durationMs))
    }
  }

  /** Passes on what arrived; after the end it is dropped. */
  receive(bytes: Uint8Array): void {
    if (this.#released === undefined) this.#reader.data(bytes)
  }

  /** The line went away by itself. @param reason who or what ended it */
  lose(reason: Error): void {
    if (this.#released !== undefined) return
    this.#reason = reason
    this.#released = this.#wire.release()
    this.#reader.closed(reason)
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#toWire(() => this.#wire.write(bytes))
  }

  close(): Promise<void> {
    this.#released ??= this.#wire.release().then(() => {
      this.#reader.closed(undefined)
    })
    return this.#released
  }

  async #toWire(send: () => Promise<void>): Promise<void> {
    if (this.#released !== undefined) throw this.#closedError(this.#reason)
    try {
      await send()
    } catch (cause) {
      // What the line can't do is no sign that it is gone.
      if (cause instanceof HilError && this.#released === undefined) throw cause
      throw this.#closedError(this.#reason ?? cause)
    }
  }

  #closedError(cause: unknown): HilError {
    const why = cause instanceof Error ? `: ${cause.message}` : ''
    return new HilError('console.closed', `nothing can be sent, ${this.description} is closed${why}`, {
      blame: 'infrastructure',
      details: { transport: this.description },
      cause,
    })
  }
}
