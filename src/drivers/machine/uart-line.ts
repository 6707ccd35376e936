import type { Duplex } from 'node:stream'
import type { OpenTransport } from '../../../board/transport.ts'
import { HilError } from '../../../core/errors.ts'
import { GuardedTransport } from '../../../transports/guarded-transport.ts'

/** The other end of the line, as long as there is one. */
export interface Uart {
  readonly stream: Duplex
  sendBreak(): Promise<void>
}

/**
 * The UART as a cable that stays plugged in: it outlives the process behind it. Without one the
 * line is silent and what is written is dropped; without a reader what the board says is dropped.
 */
export class UartLine {
  readonly #description: string
  #transport: GuardedTransport | undefined
  #process: Uart | undefined

  /** @param description for messages */
  constructor(description: string) {
    this.#description = description
  }

  /** Rejects with HilError `console.in-use` (infrastructure) while it is open. */
  readonly open: OpenTransport = (reader) => {
    if (this.#transport !== undefined) return Promise.reject(inUse(this.#description))
    this.#transport = new GuardedTransport(this.#description, reader, {
      // QEMU reads its socket when the UART's FIFO has room (hw/char/pl011.c, `can_receive`).
      isLossless: true,
      write: (bytes) => this.#write(bytes),
      sendBreak: async () => this.#process?.sendBreak(),
      release: () => {
        this.#transport = undefined
        return Promise.resolve()
      },
    })
    return Promise.resolve(this.#transport)
  }

  /** Connects the line to a process that has just been started. */
  attach(uart: Uart): void {
    const { stream } = uart
    this.#process = uart
    stream.on('data', (bytes: Buffer) => {
      this.#transport?.receive(bytes)
    })
    // The end of the process is what tells; a reset by its end of the socket adds nothing.
    stream.on('error', () => undefined)
    stream.on('close', () => {
      if (this.#process === uart) this.#process = undefined
    })
  }

  /** Ends the line for its reader. */
  lose(reason: Error): void {
    this.#transport?.lose(reason)
  }

  #write(bytes: Uint8Array): Promise<void> {
    const stream = this.#process?.stream
    if (stream?.writable !== true) return Promise.resolve()
    // An error means that the process ended meanwhile: bytes to a board without power are dropped.
    return new Promise((resolve) =>
      stream.write(bytes, () => {
        resolve()
      }),
    )
  }
}

function inUse(description: string): HilError {
  return new HilError('console.in-use', `${description} is open already`, { blame: 'infrastructure' })
}
