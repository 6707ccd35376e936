import { setTimeout as wait } from 'node:timers/promises'
import type { PowerState } from '../board/power-switch.ts'
import type { Opening, OpenTransport, Transport, TransportReader } from '../board/transport.ts'
import { now } from '../core/clock.ts'
import { startDeadline } from '../core/deadline.ts'
import { formatDuration } from '../core/duration.ts'
import { HilError, messageOf } from '../core/errors.ts'
import { Away } from './away.ts'

export interface SteadyLineOptions {
  /** For messages: the board, and which console of it. */
  readonly name: string
  readonly open: OpenTransport
  /** How long the line may be away before it is given up, in milliseconds; 0: not at all. */
  readonly patienceMs: number
  /** Whether the line is there only while the board has power, such as an adapter that is part of it. */
  readonly followsPower: boolean
  /** It is not there at first, and is waited for. */
  readonly onAbsent: (reason: HilError) => void
  /**
   * From here on bytes may be missing, in both directions.
   * @param isExpected it went with the power
   */
  readonly onLost: (reason: Error, isExpected: boolean) => void
  /** After a loss that was not expected, or where it was not there at first. */
  readonly onBack: (awayMs: number) => void
}

/** A line that ends so soon and has brought nothing was never any good: opening it again would not help. */
const shortLifeMs = 2000
/** Where nobody tells when a line is back, it is tried again, less and less often. */
const pauseMs = { first: 50, longest: 2000 } as const

/**
 * A line that outlives short losses of what it goes over: a network, a server, an adapter that is pulled, or
 * that has power only when the board has. What is written meanwhile waits; to a board without power it is
 * dropped.
 */
export class SteadyLine {
  readonly #options: SteadyLineOptions
  #reader: TransportReader | undefined
  #transport: Transport | undefined
  #description: string
  #openedAt = 0
  #hasBrought = false
  /**
   * Of the board; `off` from when it is about to be taken. Nobody knows of a board that was found running, nor after power
   * could not be taken: a line that goes is missed then, but may be away for as long as it likes.
   */
  #power: PowerState = 'unknown'
  #away: Away | undefined
  #isOver = false
  /** Why it is over, where it was not closed by us. */
  #end: Error | undefined

  constructor(options: SteadyLineOptions) {
    this.#options = options
    this.#description = options.name
  }

  readonly open: OpenTransport = async (reader, opening) => {
    this.#reader = reader
    const absence = await this.#openFirst(opening)
    if (absence !== undefined) this.#stayAway(absence)
    const line = {
      transport: () => this.#transport,
      description: () => this.#description,
      sendBreak: () => this.#breaker(),
    }
    return {
      get description() {
        return line.description()
      },
      get isLossless() {
        return line.transport()?.isLossless === true
      },
      get sendBreak() {
        return line.sendBreak()
      },
      write: (bytes) => this.#use((transport) => transport.write(bytes)),
      close: () => this.#close(),
    }
  }

  /** Resolves when it is there, or not waited for any more. */
  async untilThere(): Promise<void> {
    while (this.#away !== undefined && (this.#power === 'on' || !this.#options.followsPower))
      await this.#away.over
  }

  /** Power is about to be switched on: a line that follows it has to come within its time. */
  powering(): void {
    this.#powerIs('on')
  }

  /** Power is about to be switched off: what follows it may go before that is told. */
  unpowering(): void {
    this.#powerIs('off')
  }

  /** It could not be switched off. */
  stillPowered(): void {
    this.#powerIs('unknown')
  }

  /** The board has no power any more. */
  unpowered(): void {
    this.#powerIs('off')
  }

  #powerIs(power: PowerState): void {
    this.#power = power
    if (!this.#options.followsPower) return
    if (power === 'on') this.#away?.limit(this.#options.patienceMs)
    else this.#away?.unlimit()
  }

  /** `undefined` where the line is there and can't. */
  #breaker(): Transport['sendBreak'] {
    if (this.#transport !== undefined && this.#transport.sendBreak === undefined) return undefined
    return (durationMs) => this.#use(async (transport) => transport.sendBreak?.(durationMs))
  }

  /** @returns why the line is not there yet, where it need not be */
  async #openFirst(opening: Opening | undefined): Promise<HilError | undefined> {
    const { name, followsPower, patienceMs, onAbsent } = this.#options
    try {
      await this.#openNow(opening && { ...opening, wait: false })
      return undefined
    } catch (error) {
      if (!isAbsent(error)) throw error
      if (followsPower) return error
      if (patienceMs === 0 || !isToldOf(error)) throw error
      onAbsent(error)
      using limit = startDeadline(patienceMs, `the console of ${name}`, opening && { signal: opening.signal })
      await this.#openNow({ signal: limit.signal, wait: true })
      return undefined
    }
  }

  /** @throws what opening does, and what the line was lost by before it was of use */
  async #openNow(opening: Opening | undefined): Promise<void> {
    const life = { isOver: false, end: undefined as Error | undefined }
    this.#hasBrought = false
    let transport: Transport | undefined = undefined
    transport = await this.#options.open(
      {
        data: (bytes) => {
          this.#hasBrought = true
          if (!this.#isOver) this.#reader?.data(bytes)
        },
        closed: (error) => {
          life.isOver = true
          life.end = error
          if (transport !== undefined && this.#transport === transport) this.#ended(error)
        },
      },
      opening,
    )
    if (life.isOver) throw life.end ?? new Error('it was closed at once')
    this.#transport = transport
    this.#description = transport.description
    this.#openedAt = now()
    if (this.#isOver) await transport.close()
  }

  #ended(error: Error | undefined): void {
    this.#transport = undefined
    const { patienceMs, followsPower, onLost } = this.#options
    const wasGood = this.#hasBrought || now() - this.#openedAt >= shortLifeMs
    const mayReturn = followsPower || (patienceMs > 0 && wasGood)
    if (error === undefined || !mayReturn || this.#isOver) {
      this.#finish(error)
      return
    }
    const isExpected = followsPower && this.#power === 'off'
    onLost(error, isExpected)
    this.#stayAway(error, isExpected)
  }

  #stayAway(reason: Error, isExpected = false): void {
    const { followsPower, patienceMs } = this.#options
    const away = new Away(reason)
    this.#away = away
    if (!followsPower || this.#power === 'on') away.limit(patienceMs)
    void this.#return(away, isExpected)
  }

  async #return(away: Away, isExpected: boolean): Promise<void> {
    const { name, patienceMs, onBack } = this.#options
    for (
      let pause: number = pauseMs.first;
      !away.signal.aborted;
      pause = Math.min(2 * pause, pauseMs.longest)
    ) {
      try {
        await this.#openNow({ signal: away.signal, wait: true })
        // Lost again at once, it is away anew.
        if (this.#away === away) this.#away = undefined
        if (!isExpected) onBack(now() - away.since)
        away.end()
        return
      } catch (error) {
        if (!away.signal.aborted) away.latest = error
      }
      await wait(pause, undefined, { signal: away.signal }).catch(() => undefined)
    }
    this.#away = undefined
    this.#finish(this.#isOver ? undefined : gaveUp(name, patienceMs, away))
    away.end()
  }

  async #use(work: (transport: Transport) => Promise<void>): Promise<void> {
    while (this.#transport === undefined) {
      if (this.#isOver) throw this.#end ?? closedError(this.#description)
      if (this.#options.followsPower && this.#power !== 'on') return
      await this.#away?.over
    }
    const transport = this.#transport
    try {
      await work(transport)
    } catch (error) {
      // Lost on the way, as everything can be that is sent when a line goes: who waits for an answer finds out.
      if (this.#transport !== transport && !this.#isOver) return
      throw error
    }
  }

  async #close(): Promise<void> {
    const [transport, away] = [this.#transport, this.#away]
    this.#isOver = true
    away?.giveUp()
    await transport?.close()
    await away?.over
    this.#finish(undefined)
  }

  #finish(error: Error | undefined): void {
    this.#isOver = true
    this.#end ??= error
    this.#reader?.closed(error)
    this.#reader = undefined
  }
}

function isAbsent(error: unknown): error is HilError {
  return error instanceof HilError && ['transport.no-port', 'transport.not-connected'].includes(error.code)
}

/** Whether the system tells when it is there. */
function isToldOf({ code, details }: HilError): boolean {
  return code === 'transport.no-port' || details['errno'] === 'ENOENT'
}

function gaveUp(name: string, patienceMs: number, { reason, latest }: Away): HilError {
  const last = latest === undefined ? '' : `; last it was tried in vain: ${messageOf(latest)}`
  return new HilError(
    'console.lost',
    `the console of ${name} was away for longer than ${formatDuration(patienceMs)}: ${reason.message}${last}`,
    { blame: 'infrastructure', details: { console: name, patienceMs }, cause: latest ?? reason },
  )
}

function closedError(description: string): HilError {
  return new HilError('console.closed', `nothing can be sent, ${description} is closed`, {
    blame: 'infrastructure',
    details: { transport: description },
  })
}
