import { readMessage, textOf, type KernelMessage } from './message.ts'

/** So many messages may come before one that is late. */
const mostHeld = 64
/** A number that is so much lower than the last one is of another boot. */
const lateBy = 1024

interface Held {
  readonly time: number
  readonly pieces: { readonly offset: number; readonly body: Buffer }[]
  readonly total: number
}

/**
 * Puts netconsole's datagrams in the order in which the kernel sent them: the network may change it, repeat them, or
 * lose some, which is told in a line of its own. Plain text has no numbers, and is passed on as it comes. What can be
 * read is given in latin1, a character for each byte: a datagram may end in the middle of one of the kernel's.
 */
export class MessageOrder {
  readonly #held = new Map<number, Held>()
  #next: number | undefined

  /** Whether something waits for what is late: `flush` gives it up. */
  get isWaiting(): boolean {
    return this.#held.size > 0
  }

  /** @returns what can be read now */
  push(datagram: Buffer): string {
    const message = readMessage(datagram)
    if (message === undefined) return datagram.toString('latin1').replace(/\r?\n/g, '\r\n')
    const { sequence } = message
    this.#next ??= sequence
    let text = ''
    if (sequence < this.#next) {
      if (this.#next - sequence <= lateBy && sequence !== 0) return ''
      text = this.flush()
      this.#next = sequence
    }
    this.#hold(message)
    text += this.#take()
    while (this.#held.size > mostHeld) text += this.#skip()
    return text
  }

  /** What is late is given up. */
  flush(): string {
    let text = ''
    while (this.isWaiting) text += this.#skip()
    return text
  }

  #hold({ sequence, time, body, piece }: KernelMessage): void {
    const { offset, total } = piece ?? { offset: 0, total: 0 }
    const held = this.#held.get(sequence) ?? { time, pieces: [], total }
    this.#held.set(sequence, held)
    if (!held.pieces.some((each) => each.offset === offset)) held.pieces.push({ offset, body })
  }

  #take(): string {
    let text = ''
    for (let held = this.#inTurn(); held !== undefined && isWhole(held); held = this.#inTurn()) {
      text += this.#give(held)
    }
    return text
  }

  #inTurn(): Held | undefined {
    return this.#next === undefined ? undefined : this.#held.get(this.#next)
  }

  #give(held: Held): string {
    this.#next ??= 0
    this.#held.delete(this.#next)
    this.#next++
    const pieces = held.pieces.toSorted((one, other) => one.offset - other.offset)
    return textOf({ time: held.time, body: Buffer.concat(pieces.map(({ body }) => body)) })
  }

  /** Gives up what is missing before the next one that is there, or of it. */
  #skip(): string {
    const first = Math.min(...this.#held.keys())
    const lost = first - (this.#next ?? first)
    this.#next = first
    const held = this.#inTurn()
    const given = held === undefined ? '' : this.#give(held)
    return `${lost > 0 ? lostLine(lost) : ''}${given}${this.#take()}`
  }
}

function isWhole({ pieces, total }: Held): boolean {
  return pieces.reduce((sum, { body }) => sum + body.length, 0) >= total
}

function lostLine(count: number): string {
  return `<hil: ${count === 1 ? 'a message' : `${count} messages`} of the kernel did not arrive>\r\n`
}
