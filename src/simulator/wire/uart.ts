import type { OpenTransport, Transport, TransportReader } from '../../board/transport.ts'
import { HilError } from '../../core/errors.ts'
import { createPacer, type Pacer } from './pacer.ts'

/** What happens to bytes on their way: faults garble and drop. */
export interface Wire {
  toHost(bytes: Uint8Array): Uint8Array
  toBoard(bytes: Uint8Array): Uint8Array
}

export const cleanWire: Wire = { toHost: (bytes) => bytes, toBoard: (bytes) => bytes }

export interface UartOptions {
  readonly description: string
  /** Limits both directions when given. */
  readonly baud: number | undefined
  readonly wire: Wire
}

/** More than this in one turn of the event loop, and the sender has to wait for the next. */
const bytesPerTurn = 64 * 1024
/** What a sender on a slow line can be ahead of it: the size of Linux's transmit buffer. */
const transmitBuffer = 4096

/**
 * The serial line between a simulated board and the host. It exists as long as the machine; the
 * board's end is plugged in while something runs on the board. Without that, the line is silent and
 * what the host writes is lost.
 */
export class Uart {
  readonly #description: string
  readonly #wire: Wire
  readonly #toHost: Pacer
  readonly #toBoard: Pacer
  #reader: TransportReader | undefined
  #receive: ((bytes: Uint8Array) => void) | undefined
  #unflushed: Uint8Array[] = []
  #sentThisTurn = 0
  #room: Promise<void> | undefined
  #carried: Promise<void> | undefined

  constructor({ description, baud, wire }: UartOptions) {
    this.#description = description
    this.#wire = wire
    this.#toHost = createPacer(baud, (bytes) => this.#reader?.data(this.#wire.toHost(bytes)))
    this.#toBoard = createPacer(baud, (bytes) => this.#receive?.(this.#wire.toBoard(bytes)))
  }

  readonly open: OpenTransport = (reader) => {
    if (this.#reader !== undefined) return Promise.reject(busy(this.#description))
    this.#reader = reader
    const transport: Transport = {
      description: this.#description,
      write: (bytes) =>
        this.#reader === reader
          ? Promise.resolve(this.#toBoard.push(bytes.slice()))
          : Promise.reject(unplugged(this.#description)),
      close: () => {
        if (this.#reader === reader) this.#hangUp(undefined)
        return Promise.resolve()
      },
    }
    return Promise.resolve(transport)
  }

  /** Plugs in the board's end. */
  plugIn(receive: (bytes: Uint8Array) => void): void {
    this.#receive = receive
  }

  /** What runs on the board ended in an orderly way: what it has sent is still carried. */
  release(): void {
    this.#receive = undefined
    this.#toBoard.clear()
    this.#flush()
  }

  /** The board lost its power: what was not carried yet is lost. */
  unplug(): void {
    this.#receive = undefined
    this.#unflushed = []
    this.#toHost.clear()
    this.#toBoard.clear()
  }

  /** Tears the line between board and host; by default as pulling the adapter's plug does. */
  disconnect(error: Error = unplugged(this.#description)): void {
    this.#hangUp(error)
  }

  /** Ends the line for good. */
  close(): void {
    this.unplug()
    this.#hangUp(undefined)
  }

  /**
   * Sends from the board's end. Bytes of one turn reach the host as one chunk.
   * @returns a promise when the sender is too fast and has to wait
   */
  send(bytes: Uint8Array): Promise<void> | undefined {
    if (bytes.length === 0) return undefined
    if (this.#unflushed.push(bytes) === 1) {
      queueMicrotask(() => {
        this.#flush()
      })
    }
    this.#sentThisTurn += bytes.length
    if (this.#sentThisTurn < bytesPerTurn && this.#toHost.backlog < transmitBuffer) return undefined
    this.#room ??= this.#waitForRoom()
    return this.#room
  }

  #flush(): void {
    const [first, ...more] = this.#unflushed
    this.#unflushed = []
    if (first === undefined) return
    this.#carried = this.#toHost.push(more.length === 0 ? first : Buffer.concat([first, ...more]))
  }

  async #waitForRoom(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    await this.#carried
    this.#sentThisTurn = 0
    this.#room = undefined
  }

  #hangUp(error: Error | undefined): void {
    const reader = this.#reader
    this.#reader = undefined
    this.#toBoard.clear()
    reader?.closed(error)
  }
}

function unplugged(description: string): HilError {
  return new HilError('console.closed', `${description} is gone: the simulated line was unplugged`, {
    blame: 'infrastructure',
  })
}

function busy(description: string): HilError {
  return new HilError('console.busy', `${description} is open already; a simulated UART has one reader`, {
    blame: 'infrastructure',
  })
}
