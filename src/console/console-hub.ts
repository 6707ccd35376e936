import { setTimeout as wait } from 'node:timers/promises'
import type { Console, Match, Pattern } from '../board/console.ts'
import type { OpenTransport, Transport, TransportReader } from '../board/transport.ts'
import { now } from '../core/clock.ts'
import type { Deadline } from '../core/deadline.ts'
import { HilError } from '../core/errors.ts'
import { ConsoleHandle } from './console-handle.ts'
import { FailWatch } from './fail-watch.ts'
import type { PatternSet } from './pattern-set.ts'
import { ReceiveWindow, type WindowHit } from './receive-window.ts'
import { RecentText } from './recent-text.ts'
import { TextStream } from './text-stream.ts'

export interface ConsoleHubOptions {
  /** See `Console.name`. */
  readonly name: string
  readonly open: OpenTransport
  /** Pause after each character and after each line end sent, in milliseconds; 0 is off. */
  readonly charDelayMs: number
  readonly lineDelayMs: number
  /** Every byte, in order, with its time of arrival: the log. */
  readonly onReceived: (bytes: Uint8Array, at: number) => void
  readonly onSent: (bytes: Uint8Array, at: number) => void
  readonly onBreak?: () => void
  readonly onClosed: (error: Error | undefined) => void
}

/** As tcsendbreak(3) does on Linux: longer than a character at 110 baud. */
const breakMs = 250

/** Unconsumed text kept while nobody waits, and while somebody does, in characters. */
const idleLimit = 1024 * 1024
const waitingLimit = 64 * 1024 * 1024

interface Waiter {
  readonly patterns: PatternSet
  readonly resolve: (hit: WindowHit & { at: number }) => void
  readonly reject: (error: Error) => void
}

/**
 * The one reader of a board's UART, from the moment the board is taken until it is released.
 * Owners come and go (`take`); what arrives between them is neither lost nor unlogged.
 */
export class ConsoleHub {
  readonly name: string
  readonly #options: ConsoleHubOptions
  readonly #window = new ReceiveWindow()
  readonly #recent = new RecentText()
  readonly #text = new TextStream()
  readonly #failWatch = new FailWatch()
  #transport: Transport | undefined
  #closed: Error | undefined
  #waiter: Waiter | undefined
  #owner: ConsoleHandle | undefined
  #receivedBytes = 0
  #gaps = 0
  #latestGap: Error | undefined
  #endsLine = true
  #lastWrite: Promise<unknown> = Promise.resolve()

  private constructor(options: ConsoleHubOptions) {
    this.name = options.name
    this.#options = options
  }

  /** @param signal ends the attempt */
  static async open(options: ConsoleHubOptions, signal?: AbortSignal): Promise<ConsoleHub> {
    const hub = new ConsoleHub(options)
    const reader: TransportReader = {
      data: (bytes) => {
        hub.#onData(bytes)
      },
      closed: (error) => {
        hub.#onClosed(error)
      },
    }
    hub.#transport = await options.open(reader, signal && { signal, wait: false })
    return hub
  }

  /** How many bytes have arrived since the console was opened. */
  get receivedBytes(): number {
    return this.#receivedBytes
  }

  /** How often the line was away for a while, so that bytes may be missing. */
  get gaps(): number {
    return this.#gaps
  }

  /** Why it was away the last time. */
  get latestGap(): Error | undefined {
    return this.#latestGap
  }

  get description(): string {
    return this.#transport?.description ?? this.name
  }

  /** See `Console.isLossless`. */
  get isLossless(): boolean {
    const { charDelayMs, lineDelayMs } = this.#options
    return this.#transport?.isLossless === true && charDelayMs === 0 && lineDelayMs === 0
  }

  /** Hands the line to a new owner, whoever had it before. */
  take(owner: string): Console {
    this.#owner?.revoke(owner)
    this.#owner = new ConsoleHandle(this, owner)
    return this.#owner
  }

  /** Ends every wait of the present owner, the one in progress and all later ones. */
  fail(error: Error): void {
    this.#owner?.fail(error)
  }

  /** The line is away, and may come back: what comes then does not continue what came before. */
  interrupted(reason: Error): void {
    this.#gaps++
    this.#latestGap = reason
    const rest = this.#text.restart()
    const isWithinLine = rest === '' ? !this.#endsLine : !rest.endsWith('\n')
    this.#onText(isWithinLine ? `${rest}\n` : rest, now())
  }

  async close(): Promise<void> {
    this.#owner?.revoke('nobody: the board was released')
    await this.#transport?.close()
  }

  // What follows is for the handles.

  /** One pending search at a time; `signal` ends it with its reason. */
  search(patterns: PatternSet, signal: AbortSignal): Promise<WindowHit & { at: number }> {
    if (this.#waiter !== undefined) {
      throw new HilError(
        'console.busy',
        `two waits at once on the console of ${this.name}: await the first one`,
        {
          blame: 'test',
        },
      )
    }
    if (signal.aborted) return Promise.reject(toError(signal.reason))
    const hit = this.#window.findAnywhere(patterns)
    if (hit !== undefined) return Promise.resolve({ ...hit, at: now() })
    if (this.#closed !== undefined) return Promise.reject(this.#closed)
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        settle(() => {
          reject(toError(signal.reason))
        })
      }
      const settle = (done: () => void) => {
        this.#waiter = undefined
        signal.removeEventListener('abort', onAbort)
        done()
      }
      signal.addEventListener('abort', onAbort, { once: true })
      this.#waiter = {
        patterns,
        resolve: (found) => {
          settle(() => {
            resolve(found)
          })
        },
        reject: (error) => {
          settle(() => {
            reject(error)
          })
        },
      }
    })
  }

  /** Ends the search in progress, if there is one. */
  failSearch(error: Error): void {
    this.#waiter?.reject(error)
  }

  write(bytes: Uint8Array, t: Deadline): Promise<void> {
    return this.#inTurn(() => this.#writeNow(bytes, t))
  }

  sendBreak(t: Deadline): Promise<void> {
    return this.#inTurn(() => this.#sendBreakNow(t))
  }

  watch(pattern: Pattern, onSeen: (match: Match) => void): Disposable {
    return this.#failWatch.add(pattern, onSeen)
  }

  keepReturns(keep: boolean): void {
    this.#text.keepReturns = keep
  }

  discard(): void {
    this.#window.clear()
  }

  lastLines(count: number): readonly string[] {
    return this.#recent.lastLines(count)
  }

  #inTurn(send: () => Promise<void>): Promise<void> {
    const sent = this.#lastWrite.then(send)
    this.#lastWrite = sent.catch(() => undefined)
    return sent
  }

  async #writeNow(bytes: Uint8Array, t: Deadline): Promise<void> {
    const { charDelayMs, lineDelayMs } = this.#options
    if (charDelayMs === 0 && lineDelayMs === 0) {
      await this.#send(bytes, t)
      return
    }
    for (const piece of charDelayMs > 0 ? singleBytes(bytes) : lines(bytes)) {
      await this.#send(piece, t)
      const pause = charDelayMs + (endsLine(piece) ? lineDelayMs : 0)
      if (pause > 0) await t.race(wait(pause, undefined, { signal: t.signal }))
    }
  }

  async #send(bytes: Uint8Array, t: Deadline): Promise<void> {
    const transport = this.#openTransport(t)
    this.#options.onSent(bytes, now())
    await t.race(transport.write(bytes))
  }

  async #sendBreakNow(t: Deadline): Promise<void> {
    const transport = this.#openTransport(t)
    if (transport.sendBreak === undefined) throw noBreak(this.name, transport.description)
    this.#options.onBreak?.()
    await t.race(transport.sendBreak(breakMs))
  }

  #openTransport(t: Deadline): Transport {
    t.throwIfOver()
    if (this.#closed !== undefined) throw this.#closed
    if (this.#transport === undefined) throw closedError(this.name)
    return this.#transport
  }

  #onData(bytes: Uint8Array): void {
    const at = now()
    this.#receivedBytes += bytes.length
    this.#options.onReceived(bytes, at)
    const text = this.#text.push(bytes)
    this.#onText(text, at, this.#text.cursorAskedAt)
  }

  #onText(text: string, at: number, cursorAskedAt?: number): void {
    if (cursorAskedAt !== undefined) this.#window.cursorAsked(cursorAskedAt)
    if (text === '') return
    this.#endsLine = text.endsWith('\n')
    this.#recent.push(text)
    this.#window.push(text, this.#waiter === undefined ? idleLimit : waitingLimit)
    this.#failWatch.push(text, at)
    if (this.#waiter === undefined) return
    const hit = this.#window.findInNew(this.#waiter.patterns, text.length)
    if (hit !== undefined) this.#waiter.resolve({ ...hit, at })
  }

  #onClosed(error: Error | undefined): void {
    this.#closed = error ?? closedError(this.name)
    this.#waiter?.reject(this.#closed)
    this.#options.onClosed(error)
  }
}

function closedError(name: string): HilError {
  return new HilError('console.closed', `the console of ${name} was closed`, { blame: 'infrastructure' })
}

function noBreak(name: string, description: string): HilError {
  return new HilError(
    'console.no-break',
    `the console of ${name} can't send a break: ${description} has no way to; a serial port, rfc2217, telnet and QEMU have`,
    { blame: 'environment', details: { console: name } },
  )
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason))
}

const carriageReturn = 13
const lineFeed = 10

function endsLine(bytes: Uint8Array): boolean {
  const last = bytes.at(-1)
  return last === carriageReturn || last === lineFeed
}

function* singleBytes(bytes: Uint8Array): Generator<Uint8Array> {
  for (let i = 0; i < bytes.length; i++) yield bytes.subarray(i, i + 1)
}

function* lines(bytes: Uint8Array): Generator<Uint8Array> {
  let start = 0
  for (let i = 0; i < bytes.length; i++) {
    if (!endsLine(bytes.subarray(i, i + 1))) continue
    yield bytes.subarray(start, i + 1)
    start = i + 1
  }
  if (start < bytes.length) yield bytes.subarray(start)
}
