import type { Console, Match, Pattern } from '../board/console.ts'
import type { OpenTransport } from '../board/transport.ts'
import { ConsoleHub } from '../console/console-hub.ts'
import { SteadyLine } from '../console/steady-line.ts'
import type { Deadline } from '../core/deadline.ts'
import { HilError } from '../core/errors.ts'
import type { ConsoleSettings } from '../environment/environment.ts'
import type { ConsoleEvents } from './console-events.ts'

/** The console of a board while it is taken: one reader, and a new one after the line was lost. */
export class BoardConsole {
  readonly #board: string
  readonly #open: OpenTransport
  readonly #settings: ConsoleSettings
  readonly #events: ConsoleEvents
  #hub: ConsoleHub | undefined
  #line: SteadyLine | undefined
  #hasPower = false
  #isLost = false
  /** Why it had to be opened again. */
  #lostBy: Error | undefined
  #held: { readonly hub: ConsoleHub; readonly owner: string; readonly console: Console } | undefined
  readonly #watches: { pattern: Pattern; onSeen: (match: Match) => void }[] = []

  constructor(board: string, open: OpenTransport, settings: ConsoleSettings, events: ConsoleEvents) {
    this.#board = board
    this.#open = open
    this.#settings = settings
    this.#events = events
  }

  /** Opens the line, or opens it again after it was lost. */
  async open(t: Deadline): Promise<void> {
    if (this.#hub !== undefined && !this.#isLost) return
    await this.#hub?.close()
    this.#isLost = false
    const { charDelayMs, lineDelayMs } = this.#settings
    const line = this.#steadyLine()
    const opening = ConsoleHub.open(
      {
        name: this.#board,
        open: line.open,
        charDelayMs,
        lineDelayMs,
        onReceived: (bytes) => {
          this.#events.received(bytes)
        },
        onSent: (bytes) => {
          this.#events.sent(bytes)
        },
        onBreak: () => {
          this.#events.broke()
        },
        onClosed: (error) => {
          this.#isLost = true
          this.#lostBy = error
          this.#events.closed(error)
        },
      },
      t.signal,
    )
    this.#hub = await t.race(opening).catch((error: unknown) => {
      throw this.#lostBy === undefined ? error : notBack(error, this.#lostBy)
    })
    this.#line = line
    for (const { pattern, onSeen } of this.#watches) this.#hub.watch(pattern, onSeen)
  }

  /** Waits while the line is away and may come back. */
  async untilThere(t: Deadline): Promise<void> {
    await t.race(this.#line?.untilThere() ?? Promise.resolve())
  }

  /** Power is about to be switched on. */
  powering(): void {
    this.#hasPower = true
    this.#line?.powering()
  }

  /** Power is about to be switched off. */
  unpowering(): void {
    this.#line?.unpowering()
  }

  /** It could not be switched off. */
  stillPowered(): void {
    this.#line?.stillPowered()
  }

  unpowered(): void {
    this.#hasPower = false
    this.#line?.unpowered()
  }

  /** Ends every wait of whoever has the line now, the one in progress and all later ones. */
  fail(error: Error): void {
    this.#hub?.fail(error)
    this.#held = undefined
  }

  /** Calls `onSeen` for every line with `pattern`, whoever has the line, until the end. */
  watch(pattern: Pattern, onSeen: (match: Match) => void): void {
    this.#watches.push({ pattern, onSeen })
    this.#hub?.watch(pattern, onSeen)
  }

  /** Drops what was said and not waited for; it stays in the log. */
  discard(): void {
    this.#hub?.discard()
  }

  /** The line as this owner has it already, or has it from now on. */
  heldBy(owner: string): Console {
    const hub = this.#opened()
    if (this.#held?.hub !== hub || this.#held.owner !== owner) {
      this.#held = { hub, owner, console: hub.take(owner) }
    }
    return this.#held.console
  }

  /** Hands the line to a new owner, whoever had it before. */
  take(owner: string): Console {
    return this.#opened().take(owner)
  }

  lastLines(count: number): readonly string[] {
    return this.#hub?.lastLines(count) ?? []
  }

  async close(): Promise<void> {
    await this.#hub?.close()
    this.#events.flush()
  }

  #steadyLine(): SteadyLine {
    const { reconnectMs, onlyWithPower } = this.#settings
    const line = new SteadyLine({
      name: this.#board,
      open: this.#open,
      patienceMs: reconnectMs,
      followsPower: onlyWithPower,
      onAbsent: (reason) => {
        this.#events.absent(reason, reconnectMs)
      },
      onLost: (reason, isExpected) => {
        if (!isExpected) this.#events.lost(reason)
        this.#hub?.interrupted(reason)
      },
      onBack: (awayMs) => {
        this.#events.back(awayMs)
      },
    })
    if (this.#hasPower) line.powering()
    return line
  }

  #opened(): ConsoleHub {
    if (this.#hub !== undefined) return this.#hub
    throw new HilError('hil.console-not-open', `the console of ${this.#board} was used before it was open`, {
      blame: 'hil',
    })
  }
}

/** What was there while the board is held is named in its environment rightly: that it is gone is no mistake there. */
function notBack(error: unknown, lostBy: Error): unknown {
  if (!(error instanceof HilError) || error.blame !== 'environment') return error
  return new HilError(
    'console.lost',
    `${lostBy.message}; nor was it there for another try: ${error.message}`,
    {
      blame: 'infrastructure',
      details: error.details,
      cause: error,
    },
  )
}
