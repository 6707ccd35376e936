/** Commands of the telnet protocol, RFC 854. */
export const commands = {
  subnegotiationEnd: 240,
  break: 243,
  subnegotiation: 250,
  will: 251,
  wont: 252,
  do: 253,
  dont: 254,
  /** "Interpret as command": comes before each of the others, and twice where it is a byte of the data. */
  iac: 255,
} as const

export type Verb = 'will' | 'wont' | 'do' | 'dont'

/** Calls in the order of the bytes; what is none of these has no meaning for a console. */
export interface TelnetEvents {
  /** The array is the receiver's to keep. */
  readonly data: (bytes: Uint8Array) => void
  readonly negotiation: (verb: Verb, option: number) => void
  readonly subnegotiation: (option: number, payload: Uint8Array) => void
  /** A break was asked for. */
  readonly break: () => void
}

/** Where a stream can be cut. `cr`: a CR of a network virtual terminal, whose NUL has not come yet. */
type State = 'data' | 'cr' | 'command' | Verb | 'subnegotiation' | 'subnegotiation-command'

const verbs: Readonly<Record<number, Verb>> = {
  [commands.will]: 'will',
  [commands.wont]: 'wont',
  [commands.do]: 'do',
  [commands.dont]: 'dont',
}

/** No option has as much to say; a stream that is no telnet can. */
const longestSubnegotiation = 1024
const [carriageReturn, lineFeed, nul] = [13, 10, 0]

/** Takes a telnet stream apart, however it is cut. */
export class TelnetDecoder {
  /** Whether the other end sends bytes as they are (RFC 856); else a NUL follows a CR that ends no line. */
  isBinary = false
  readonly #events: TelnetEvents
  #state: State = 'data'
  #subnegotiation: number[] = []
  /** What was taken of the data, up to `#length`. */
  #data = new Uint8Array(0)
  #length = 0

  constructor(events: TelnetEvents) {
    this.#events = events
  }

  push(bytes: Uint8Array): void {
    if (this.#state === 'data' && this.isBinary && !bytes.includes(commands.iac)) {
      this.#events.data(bytes)
      return
    }
    this.#data = new Uint8Array(bytes.length)
    this.#length = 0
    for (const byte of bytes) this.#take(byte)
    this.#flush()
  }

  #take(byte: number): void {
    switch (this.#state) {
      case 'cr':
        this.#state = 'data'
        if (byte !== nul) this.#take(byte)
        break
      case 'data':
        if (byte === commands.iac) this.#state = 'command'
        else {
          if (byte === carriageReturn && !this.isBinary) this.#state = 'cr'
          this.#data[this.#length++] = byte
        }
        break
      case 'command':
        this.#command(byte)
        break
      case 'subnegotiation':
        if (byte === commands.iac) this.#state = 'subnegotiation-command'
        else this.#keep(byte)
        break
      case 'subnegotiation-command':
        this.#subnegotiationCommand(byte)
        break
      default: {
        const verb = this.#state
        this.#state = 'data'
        this.#flush()
        this.#events.negotiation(verb, byte)
      }
    }
  }

  #command(byte: number): void {
    this.#state = verbs[byte] ?? 'data'
    if (byte === commands.iac) this.#data[this.#length++] = byte
    else if (byte === commands.subnegotiation) {
      this.#state = 'subnegotiation'
      this.#subnegotiation = []
    } else if (byte === commands.break) {
      this.#flush()
      this.#events.break()
    }
  }

  #subnegotiationCommand(byte: number): void {
    this.#state = 'subnegotiation'
    if (byte === commands.iac) this.#keep(byte)
    if (byte !== commands.subnegotiationEnd) return
    this.#state = 'data'
    const [option, ...payload] = this.#subnegotiation
    if (option === undefined) return
    this.#flush()
    this.#events.subnegotiation(option, Uint8Array.from(payload))
  }

  #flush(): void {
    if (this.#length > 0) this.#events.data(this.#data.subarray(0, this.#length))
    this.#data = this.#data.subarray(this.#length)
    this.#length = 0
  }

  #keep(byte: number): void {
    if (this.#subnegotiation.length < longestSubnegotiation) this.#subnegotiation.push(byte)
  }
}

/**
 * Data as it goes over the wire.
 * @param isBinary whether the other end takes bytes as they are; else a CR alone is followed by a NUL
 */
export function encodeData(bytes: Uint8Array, isBinary: boolean): Uint8Array {
  if (isBinary && !bytes.includes(commands.iac)) return bytes
  const encoded = new Uint8Array(2 * bytes.length)
  let length = 0
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0
    encoded[length++] = byte
    if (byte === commands.iac) encoded[length++] = byte
    else if (!isBinary && byte === carriageReturn && bytes[index + 1] !== lineFeed) encoded[length++] = nul
  }
  return encoded.subarray(0, length)
}

export function encodeNegotiation(verb: Verb, option: number): Uint8Array {
  return Uint8Array.of(commands.iac, commands[verb], option)
}

export function encodeSubnegotiation(option: number, payload: Uint8Array): Uint8Array {
  const { iac, subnegotiation, subnegotiationEnd } = commands
  return Uint8Array.of(iac, subnegotiation, option, ...encodeData(payload, true), iac, subnegotiationEnd)
}
