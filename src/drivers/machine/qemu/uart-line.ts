import type { Duplex } from 'node:stream'
import { HilError } from '../../../core/errors.ts'
import type { OpenTransport, Transport, TransportReader } from '../../../board/transport.ts'

/**
 * The UART as a cable that stays plugged in: it outlives the process behind it. Without one the
 * line is silent and what is written is dropped; without a reader what the board says is dropped.
 */
export class UartLine {
  readonly #description: string
  #reader: TransportReader | undefined
  #process: Duplex | undefined

  constructor(description: string) {
    this.#description = description
  }

  readonly open: OpenTransport = (reader) => {
    if (this.#reader !== undefined) {
      return Promise.reject(
        new HilError('console.in-use', `the console ${this.#description} is open already`, {
          blame: 'infrastructure',
        }),
      )
    }
    this.#reader = reader
    const isOpen = () => this.#reader === reader
    const transport: Transport = {
      description: this.#description,
      write: (bytes) => (isOpen() ? this.#write(bytes) : Promise.reject(this.#closedError())),
      close: () => {
        if (isOpen()) this.close(undefined)
        return Promise.resolve()
      },
    }
    return Promise.resolve(transport)
  }

  /** Connects the line to a process that has just been started. */
  attach(stream: Duplex): void {
    this.#process = stream
    stream.on('data', (bytes: Buffer) => {
      this.#reader?.data(bytes)
    })
    // The end of the process is what tells; a reset by its end of the socket adds nothing.
    stream.on('error', () => undefined)
    stream.on('close', () => {
      if (this.#process === stream) this.#process = undefined
    })
  }

  /** Ends the line for its reader. @param error why, or `undefined` when the reader asked for it */
  close(error: Error | undefined): void {
    const reader = this.#reader
    this.#reader = undefined
    reader?.closed(error)
  }

  #write(bytes: Uint8Array): Promise<void> {
    const stream = this.#process
    if (stream?.writable !== true) return Promise.resolve()
    // An error means that the process ended meanwhile: bytes to a board without power are dropped.
    return new Promise((resolve) =>
      stream.write(bytes, () => {
        resolve()
      }),
    )
  }

  #closedError(): HilError {
    return new HilError('console.closed', `the console ${this.#description} is closed`, {
      blame: 'infrastructure',
    })
  }
}
