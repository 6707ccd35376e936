import { now } from '../../core/clock.ts'

/** One direction of a serial line: bytes go in, and come out when the line has carried them. */
export interface Pacer {
  /** @returns a promise when the line is busy, which resolves once these bytes were carried */
  push(bytes: Uint8Array): Promise<void> | undefined
  /** Bytes that wait to be carried. */
  readonly backlog: number
  /** Forgets what was not carried yet. */
  clear(): void
}

/**
 * @param baud with 8N1 framing, ten bits carry one byte; `undefined` carries everything at once
 * @param deliver gets what came out at the far end
 */
export function createPacer(baud: number | undefined, deliver: (bytes: Uint8Array) => void): Pacer {
  return baud === undefined ? new ImmediatePacer(deliver) : new BaudPacer(baud / 10_000, deliver)
}

class ImmediatePacer implements Pacer {
  readonly backlog = 0
  readonly push: (bytes: Uint8Array) => undefined

  constructor(deliver: (bytes: Uint8Array) => void) {
    this.push = (bytes) => {
      deliver(bytes)
      return undefined
    }
  }

  clear(): void {
    // Nothing is ever kept back.
  }
}

interface Waiting {
  readonly bytes: Uint8Array
  readonly carried: () => void
}

class BaudPacer implements Pacer {
  backlog = 0
  readonly #bytesPerMs: number
  readonly #deliver: (bytes: Uint8Array) => void
  #queue: Waiting[] = []
  #offset = 0
  /** When the line was last idle, and how many bytes it has carried since. */
  #busySince = 0
  #carried = 0
  #timer: NodeJS.Timeout | undefined

  constructor(bytesPerMs: number, deliver: (bytes: Uint8Array) => void) {
    this.#bytesPerMs = bytesPerMs
    this.#deliver = deliver
  }

  push(bytes: Uint8Array): Promise<void> | undefined {
    if (bytes.length === 0) return undefined
    if (this.#timer === undefined) {
      this.#busySince = now()
      this.#carried = 0
    }
    this.backlog += bytes.length
    const done = new Promise<void>((carried) => this.#queue.push({ bytes, carried }))
    this.#schedule()
    return done
  }

  clear(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const dropped = this.#queue
    this.#queue = []
    this.#offset = 0
    this.backlog = 0
    for (const { carried } of dropped) carried()
  }

  #schedule(): void {
    const due = this.#busySince + (this.#carried + 1) / this.#bytesPerMs
    this.#timer ??= setTimeout(
      () => {
        this.#carry()
      },
      Math.max(1, Math.ceil(due - now())),
    )
  }

  #carry(): void {
    this.#timer = undefined
    let budget = Math.floor((now() - this.#busySince) * this.#bytesPerMs) - this.#carried
    for (let first = this.#queue[0]; first !== undefined && budget > 0; first = this.#queue[0]) {
      const part = first.bytes.subarray(this.#offset, this.#offset + budget)
      budget -= part.length
      this.#carried += part.length
      this.backlog -= part.length
      this.#offset += part.length
      if (this.#offset === first.bytes.length) {
        this.#queue.shift()
        this.#offset = 0
        first.carried()
      }
      this.#deliver(part)
    }
    if (this.#queue.length > 0) this.#schedule()
  }
}
