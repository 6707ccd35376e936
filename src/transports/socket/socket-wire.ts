import { once } from 'node:events'
import type { Socket } from 'node:net'
import { HilError } from '../../core/errors.ts'
import type { Wire } from '../guarded-transport.ts'

export interface SocketEvents {
  readonly data: (bytes: Uint8Array) => void
  /** The connection ended, and not by `release`. */
  readonly lost: (reason: HilError) => void
}

/** A connected socket, as the part of a transport that is its own. */
export class SocketWire implements Wire {
  readonly #socket: Socket
  readonly #description: string

  constructor(socket: Socket, description: string) {
    this.#socket = socket
    this.#description = description
  }

  /** Reads from here on. */
  listen({ data, lost }: SocketEvents): void {
    let failure: Error | undefined
    this.#socket.on('data', data)
    this.#socket.on('error', (error) => (failure = error))
    // By itself it would first wait until the other end has taken all that is still on the way to it.
    this.#socket.on('end', () => this.#socket.destroy())
    this.#socket.on('close', () => {
      lost(this.#hungUp(failure))
    })
  }

  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.write(bytes, (error) => {
        if (error) reject(error)
        // Node calls it no error where the end of the socket has cut a write off.
        else if (this.#socket.destroyed) reject(new Error('the connection ended before all was sent'))
        else resolve()
      })
    })
  }

  async release(): Promise<void> {
    if (this.#socket.closed) return
    this.#socket.destroy()
    await once(this.#socket, 'close')
  }

  #hungUp(cause: Error | undefined): HilError {
    const why = cause === undefined ? 'the other end closed it' : cause.message
    return new HilError('transport.hung-up', `the connection to ${this.#description} is gone: ${why}`, {
      blame: 'infrastructure',
      details: { transport: this.#description },
      cause,
    })
  }
}
