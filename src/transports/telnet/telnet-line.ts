import type { Socket } from 'node:net'
import type { HilError } from '../../core/errors.ts'
import type { Wire } from '../guarded-transport.ts'
import { SocketWire, type SocketEvents } from '../socket/socket-wire.ts'
import { commands, encodeData, encodeNegotiation, encodeSubnegotiation, TelnetDecoder } from './codec.ts'
import { options, TelnetOptions } from './options.ts'

export interface TelnetLineEvents extends SocketEvents {
  readonly subnegotiation?: (option: number, payload: Uint8Array) => void
  /** Anything has come. */
  readonly heard?: () => void
  /** The answer to `askForLife` has. */
  readonly alive?: () => void
}

interface SetUpLimits {
  readonly limitMs: number
  /** The error for a server that does not answer in time. */
  readonly silence: () => HilError
  /** Ends the attempt, with its reason. */
  readonly signal: AbortSignal | undefined
}

/** A socket on which telnet is spoken. */
export class TelnetLine implements Wire {
  readonly #wire: SocketWire
  readonly #options: TelnetOptions
  readonly #waiting = new Set<() => void>()
  /** Ends the setting up; absent before and after it. */
  #fail: ((reason: Error) => void) | undefined

  /** @param wanted options to ask for beside those that a console always needs */
  constructor(socket: Socket, description: string, events: TelnetLineEvents, wanted: readonly number[] = []) {
    this.#wire = new SocketWire(socket, description)
    const always = [options.binary, options.suppressGoAhead]
    this.#options = new TelnetOptions(
      { own: [...wanted, ...always], theirs: always, alsoTheirs: [options.echo, ...wanted] },
      (bytes) => {
        this.#sendSoon(bytes)
      },
    )
    const decoder = new TelnetDecoder({
      data: events.data,
      negotiation: (verb, option) => {
        if (option === options.timingMark && (verb === 'will' || verb === 'wont')) {
          events.alive?.()
          return
        }
        this.#options.receive(verb, option)
        decoder.isBinary = this.#options.isTheirs(options.binary)
        for (const look of this.#waiting) look()
      },
      subnegotiation: (option, payload) => events.subnegotiation?.(option, payload),
      // Nobody breaks a console from the board's side.
      break: () => undefined,
    })
    this.#wire.listen({
      data: (bytes) => {
        events.heard?.()
        decoder.push(bytes)
      },
      lost: (reason) => {
        if (this.#fail === undefined) events.lost(reason)
        else this.#fail(reason)
      },
    })
    this.#options.ask()
  }

  /** Does what has to be done before the line is of use; where that fails the line is released. */
  async setUp(work: () => Promise<void>, { limitMs, silence, signal }: SetUpLimits): Promise<void> {
    const failed = new Promise<never>((_, reject) => (this.#fail = reject))
    // Where there was nothing to wait for, its release still ends here.
    failed.catch(() => undefined)
    const timer = setTimeout(() => this.#fail?.(silence()), limitMs)
    const onAbort = () => this.#fail?.(signal?.reason as Error)
    signal?.addEventListener('abort', onAbort)
    try {
      signal?.throwIfAborted()
      await Promise.race([work(), failed])
      this.#fail = undefined
    } catch (error) {
      await this.release()
      throw error
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    }
  }

  /** Resolves when the other end has said whether it wants an option, whichever end it is for. */
  answered(option: number): Promise<boolean> {
    return new Promise((resolve) => {
      const look = () => {
        const isOn = this.#options.isOwn(option) || this.#options.isTheirs(option)
        if (!isOn && !this.#options.isRefused(option)) return
        this.#waiting.delete(look)
        resolve(isOn)
      }
      this.#waiting.add(look)
      look()
    })
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#wire.write(encodeData(bytes, this.#options.isOwn(options.binary)))
  }

  release(): Promise<void> {
    return this.#wire.release()
  }

  /** Sends a message of an option. */
  subnegotiate(option: number, payload: Uint8Array): void {
    this.#sendSoon(encodeSubnegotiation(option, payload))
  }

  /** Asks for an answer that most servers give. */
  askForLife(): void {
    this.#sendSoon(encodeNegotiation('do', options.timingMark))
  }

  sendBreak(): Promise<void> {
    return this.#wire.write(Uint8Array.of(commands.iac, commands.break))
  }

  /** Where the line is lost, that is told as such. */
  #sendSoon(bytes: Uint8Array): void {
    this.#wire.write(bytes).catch(() => undefined)
  }
}
