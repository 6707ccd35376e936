import { readSync, writeSync } from 'node:fs'
import type { EventEmitter } from 'node:events'
import { HilError } from '../../core/errors.ts'

/** What of serialport's binding for Linux is used: a descriptor that never blocks, and who watches it. */
export interface OpenPort {
  readonly fd: number | null
  readonly poller: EventEmitter & { poll(events: number): void }
}

export interface PortEvents {
  data(bytes: Uint8Array): void
  /** The port can't be used any more. */
  lost(cause: Error): void
}

interface PendingWrite {
  readonly bytes: Uint8Array
  offset: number
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

/** serialport, lib/poller: UV_READABLE and UV_WRITABLE of libuv. */
const readable = 1
const writable = 2

const chunkSize = 64 * 1024

/**
 * Reads and writes an open port. serialport's own loops (13.0.0) are not used, for two reasons seen
 * on a pty: they stop reading for as long as a write has to wait, and they read a port for ever that
 * was hung up while data came in. Reading and writing never block here (O_NONBLOCK), so both are done
 * at once when the poller says so.
 */
export class PortIo {
  readonly #fd: number
  readonly #poller: OpenPort['poller']
  readonly #events: PortEvents
  readonly #writes: PendingWrite[] = []
  readonly #buffer = Buffer.allocUnsafe(chunkSize)
  #stopped = false

  constructor({ fd, poller }: OpenPort, events: PortEvents) {
    if (fd === null) throw new HilError('hil.port-not-open', 'a closed port was given', { blame: 'hil' })
    this.#fd = fd
    this.#poller = poller
    this.#events = events
    poller.on('readable', (error: Error | null) => {
      this.#onReady(error, () => this.#read())
    })
    poller.on('writable', (error: Error | null) => {
      this.#onReady(error, () => this.#flush())
    })
    this.#watch()
  }

  write(bytes: Uint8Array): Promise<void> {
    if (this.#stopped) return Promise.reject(portClosed())
    return new Promise((resolve, reject) => {
      this.#writes.push({ bytes, offset: 0, resolve, reject })
      if (this.#writes.length === 1) this.#onReady(null, () => this.#flush())
    })
  }

  /** No more events from here on; what was not written is given up. */
  stop(): void {
    this.#stopped = true
    for (const { reject } of this.#writes.splice(0)) reject(portClosed())
  }

  #onReady(error: Error | null, work: () => void): void {
    if (this.#stopped) return
    try {
      if (error === null) work()
      // Even a port in trouble may hold bytes that arrived before.
      else this.#readRest(error)
      if (!this.#isStopped()) this.#watch()
    } catch (cause) {
      this.#lose(cause as Error)
    }
  }

  #read(): void {
    const count = untilBlocked(() => readSync(this.#fd, this.#buffer))
    if (count === undefined) return
    // A port that has no data says so (EAGAIN); nothing is what the kernel reads from one it hung up.
    if (count === 0) throw new Error('the port was hung up')
    this.#events.data(Uint8Array.prototype.slice.call(this.#buffer, 0, count))
  }

  #readRest(error: Error): never {
    for (;;) {
      const count = untilBlocked(() => readSync(this.#fd, this.#buffer))
      if (count === undefined || count === 0) throw error
      this.#events.data(Uint8Array.prototype.slice.call(this.#buffer, 0, count))
    }
  }

  #flush(): void {
    for (let write = this.#writes[0]; write !== undefined; write = this.#writes[0]) {
      const { bytes, offset } = write
      const count = untilBlocked(() => writeSync(this.#fd, bytes, offset))
      if (count === undefined) return
      write.offset += count
      if (write.offset < bytes.length) continue
      this.#writes.shift()
      write.resolve()
    }
  }

  /** Both directions are asked for each time: the poller forgets one when it is asked for the other. */
  #watch(): void {
    this.#poller.poll(this.#writes.length > 0 ? readable | writable : readable)
  }

  #isStopped(): boolean {
    return this.#stopped
  }

  #lose(cause: Error): void {
    this.stop()
    this.#events.lost(cause)
  }
}

function portClosed(): Error {
  return new Error('the port was closed')
}

/** @returns `undefined` when the call would have to wait */
function untilBlocked(call: () => number): number | undefined {
  try {
    return call()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EAGAIN' || code === 'EINTR') return undefined
    throw error
  }
}
