import { encodeNegotiation, type Verb } from './codec.ts'

/** Options of the telnet protocol that a console needs, by their numbers. */
export const options = {
  /** Bytes go over the wire as they are, RFC 856. */
  binary: 0,
  /** The other end shows what is typed, RFC 857. */
  echo: 1,
  /** Characters go one by one, RFC 858. */
  suppressGoAhead: 3,
  /** Nothing but an answer when all before it was read, RFC 860: a sign of life. */
  timingMark: 6,
  /** Settings of a serial port, RFC 2217. */
  comPort: 44,
} as const

/** Which options are asked for, and which others are agreed to, on our side and on theirs. */
export interface TelnetPolicy {
  readonly own: readonly number[]
  readonly theirs: readonly number[]
  readonly alsoTheirs: readonly number[]
}

type State = 'off' | 'asked' | 'on' | 'refused'

interface Side {
  /** What we say of an option that is on, and that is not. */
  readonly yes: Verb
  readonly no: Verb
  readonly agreeable: readonly number[]
  readonly states: Map<number, State>
}

/**
 * Which telnet options are in force. Both ends may ask at any time; nothing is answered but a change, so
 * that two ends never go round in circles (RFC 1143).
 */
export class TelnetOptions {
  readonly #own: Side
  readonly #theirs: Side
  readonly #policy: TelnetPolicy
  readonly #send: (bytes: Uint8Array) => void

  constructor(policy: TelnetPolicy, send: (bytes: Uint8Array) => void) {
    this.#policy = policy
    this.#send = send
    this.#own = { yes: 'will', no: 'wont', agreeable: policy.own, states: new Map() }
    const agreeable = [...policy.theirs, ...policy.alsoTheirs]
    this.#theirs = { yes: 'do', no: 'dont', agreeable, states: new Map() }
  }

  /** Asks for what is wanted. */
  ask(): void {
    for (const option of this.#policy.own) this.#ask(this.#own, option)
    for (const option of this.#policy.theirs) this.#ask(this.#theirs, option)
  }

  receive(verb: Verb, option: number): void {
    const side = verb === 'do' || verb === 'dont' ? this.#own : this.#theirs
    const wanted = verb === 'do' || verb === 'will'
    const before = side.states.get(option) ?? 'off'
    if (wanted) this.#agree(side, option, before)
    else {
      if (before === 'on') this.#send(encodeNegotiation(side.no, option))
      side.states.set(option, 'refused')
    }
  }

  /** Whether an option is in force for what we send. */
  isOwn(option: number): boolean {
    return this.#own.states.get(option) === 'on'
  }

  /** Whether an option is in force for what they send. */
  isTheirs(option: number): boolean {
    return this.#theirs.states.get(option) === 'on'
  }

  /** Whether the other end won't have one of ours. */
  isRefused(option: number): boolean {
    return this.#own.states.get(option) === 'refused'
  }

  #ask({ yes, states }: Side, option: number): void {
    states.set(option, 'asked')
    this.#send(encodeNegotiation(yes, option))
  }

  #agree({ yes, no, agreeable, states }: Side, option: number, before: State): void {
    if (!agreeable.includes(option)) {
      this.#send(encodeNegotiation(no, option))
      return
    }
    if (before !== 'on' && before !== 'asked') this.#send(encodeNegotiation(yes, option))
    states.set(option, 'on')
  }
}
