import type { OpenTransport } from '../../board/transport.ts'
import { HilError } from '../../core/errors.ts'
import { GuardedTransport, type Wire } from '../../transports/guarded-transport.ts'

/** The other end of the line, as long as there is one. */
export interface Uart {
  /** Resolves also where it has just ended: that is told otherwise. */
  write(bytes: Uint8Array): Promise<void>
  sendBreak?(): Promise<void>
}

export interface UartLineOptions {
  /** See `Transport.isLossless`. */
  readonly isLossless: boolean
  readonly canBreak: boolean
}

/**
 * The UART as a cable that stays plugged in: it outlives the process behind it. Without one the
 * line is silent and what is written is dropped; without a reader what the board says is dropped.
 */
export class UartLine {
  readonly #description: string
  readonly #wire: Omit<Wire, 'write' | 'release'>
  #transport: GuardedTransport | undefined
  #uart: Uart | undefined

  /**
   * @param description for messages
   * @param canBreak whether what is attached can send a break
   */
  constructor(description: string, { isLossless, canBreak }: UartLineOptions) {
    this.#description = description
    const sendBreak = async () => this.#uart?.sendBreak?.()
    this.#wire = { isLossless, ...(canBreak && { sendBreak }) }
  }

  /** Rejects with HilError `console.in-use` (infrastructure) while it is open. */
  readonly open: OpenTransport = (reader) => {
    if (this.#transport !== undefined) return Promise.reject(inUse(this.#description))
    this.#transport = new GuardedTransport(this.#description, reader, {
      ...this.#wire,
      write: (bytes) => this.#write(bytes),
      release: () => {
        this.#transport = undefined
        return Promise.resolve()
      },
    })
    return Promise.resolve(this.#transport)
  }

  /** Connects the line to what has just been started. */
  attach(uart: Uart): void {
    this.#uart = uart
  }

  /** What was attached has ended: from now on the line is silent. */
  detach(uart: Uart): void {
    if (this.#uart === uart) this.#uart = undefined
  }

  /** What the board says. */
  receive(bytes: Uint8Array): void {
    this.#transport?.receive(bytes)
  }

  /** Ends the line for its reader. */
  lose(reason: Error): void {
    this.#transport?.lose(reason)
  }

  /** Without power it is dropped. */
  async #write(bytes: Uint8Array): Promise<void> {
    await this.#uart?.write(bytes)
  }
}

function inUse(description: string): HilError {
  return new HilError('console.in-use', `${description} is open already`, { blame: 'infrastructure' })
}
