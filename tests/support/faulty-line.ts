import type { OpenTransport, TransportReader } from '../../src/board/transport.ts'

type Change = (bytes: Buffer) => Buffer

/**
 * A line that can be told to lose, garble, double or add bytes, in front of any transport: what a bad
 * wire does, done to real programs. Without a fault it is what it stands in front of.
 */
export class FaultyLine {
  #onSent: { after: number; change: Change } | undefined
  #onReceived: { after: number; change: Change } | undefined
  /** A wire from the first fault on, until it is healed. */
  #isFaulty = false
  #always: { after: number; change: Change } | undefined
  #first: { direction: 'sent' | 'received'; text: string; change: Change } | undefined

  /** Changes the byte that is sent after `after` others from now on. */
  changeSent(after: number, change: (byte: Buffer) => Buffer): void {
    this.#isFaulty = true
    this.#onSent = { after, change }
  }

  /** Changes the byte that arrives after `after` others from now on. */
  changeReceived(after: number, change: (byte: Buffer) => Buffer): void {
    this.#isFaulty = true
    this.#onReceived = { after, change }
  }

  /** Changes the last byte of some text when it arrives, or when it is sent, for the first time from now on. */
  changeFirst(direction: 'sent' | 'received', text: string, change: Change): void {
    this.#isFaulty = true
    this.#first = { direction, text, change }
  }

  /** Changes a byte of everything sent from now on that is longer than a key. */
  changeEverySent(after: number, change: Change): void {
    this.#isFaulty = true
    this.#always = { after, change }
  }

  /** From now on nothing is changed. */
  heal(): void {
    this.#isFaulty = false
    this.#onSent = undefined
    this.#onReceived = undefined
    this.#always = undefined
    this.#first = undefined
  }

  wrap(open: OpenTransport): OpenTransport {
    const isFaulty = () => this.#isFaulty
    return async (reader) => {
      const transport = await open(this.#reader(reader))
      return {
        description: transport.description,
        get isLossless() {
          return transport.isLossless === true && !isFaulty()
        },
        write: (bytes) => {
          this.#find('sent', bytes)
          const { fault, bytes: changed } = apply(this.#onSent, Buffer.from(bytes))
          this.#onSent = fault
          const always = changed.length > 2 ? this.#always : undefined
          return transport.write(apply(always, changed).bytes)
        },
        close: () => transport.close(),
      }
    }
  }

  #find(direction: 'sent' | 'received', bytes: Uint8Array): void {
    if (this.#first?.direction !== direction) return
    const { text, change } = this.#first
    const at = Buffer.from(bytes).indexOf(text)
    if (at === -1) return
    this.#first = undefined
    const fault = { after: at + text.length - 1, change }
    if (direction === 'sent') this.#onSent = fault
    else this.#onReceived = fault
  }

  #reader(reader: TransportReader): TransportReader {
    return {
      data: (bytes) => {
        this.#find('received', bytes)
        const { fault, bytes: changed } = apply(this.#onReceived, Buffer.from(bytes))
        this.#onReceived = fault
        if (changed.length > 0) reader.data(changed)
      },
      closed: (error) => {
        reader.closed(error)
      },
    }
  }
}

export const lose: Change = () => Buffer.alloc(0)
export const double: Change = (byte) => Buffer.concat([byte, byte])
/** Another printable character in its place. */
export const garble: Change = ([byte = 0]) => Buffer.from([byte === 0x78 ? 0x79 : 0x78])
/** Text of somebody else in front of it. */
export function interject(text: string): Change {
  return (byte) => Buffer.concat([Buffer.from(text), byte])
}

function apply(fault: { after: number; change: Change } | undefined, bytes: Buffer) {
  if (fault === undefined) return { fault, bytes }
  if (bytes.length <= fault.after) {
    return { fault: { ...fault, after: fault.after - bytes.length }, bytes }
  }
  const { after, change } = fault
  const changed = [
    bytes.subarray(0, after),
    change(bytes.subarray(after, after + 1)),
    bytes.subarray(after + 1),
  ]
  return { fault: undefined, bytes: Buffer.concat(changed) }
}
