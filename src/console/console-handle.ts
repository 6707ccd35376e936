import type { Console, Match, Pattern } from '../board/console.ts'
import { isDeadlineExceeded, formatChain, type Deadline } from '../core/deadline.ts'
import { HilError } from '../core/errors.ts'
import type { ConsoleHub } from './console-hub.ts'
import { PatternSet } from './pattern-set.ts'

const shownLines = 12

/** One owner's view of a `ConsoleHub`. */
export class ConsoleHandle implements Console {
  readonly #hub: ConsoleHub
  readonly #owner: string
  /** What this owner had set up on the line. */
  readonly #undoAtRevoke = new Set<Disposable>()
  #revokedFor: string | undefined
  /** Why nothing is to be waited for any more: every later wait ends with it. */
  #failure: Error | undefined
  /** The gaps before what was matched last. */
  #knownGaps: number

  constructor(hub: ConsoleHub, owner: string) {
    this.#hub = hub
    this.#owner = owner
    this.#knownGaps = hub.gaps
  }

  get name(): string {
    return this.#hub.name
  }

  get isLossless(): boolean {
    return this.#hub.isLossless
  }

  async write(data: string | Uint8Array, t: Deadline): Promise<void> {
    this.#assertUsable()
    await this.#hub.write(typeof data === 'string' ? Buffer.from(data) : data, t)
  }

  async sendBreak(t: Deadline): Promise<void> {
    this.#assertUsable()
    await this.#hub.sendBreak(t)
  }

  async expect<const Name extends string>(
    patterns: Readonly<Record<Name, Pattern>>,
    t: Deadline,
  ): Promise<Match<Name>> {
    this.#assertUsable()
    const set = new PatternSet(patterns)
    const receivedBefore = this.#hub.receivedBytes
    try {
      const { which, text, groups, before, cursorAsked, lost, at } = await this.#hub.search(set, t.signal)
      this.#knownGaps = this.#hub.gaps
      return { which: which as Name, text, groups, before, cursorAsked, lost, at }
    } catch (error) {
      if (!isDeadlineExceeded(error)) throw error
      throw this.#timeout(set, t, error, this.#hub.receivedBytes - receivedBefore)
    }
  }

  failOn(pattern: Pattern, toError: (match: Match) => Error): Disposable {
    this.#assertUsable()
    const watch = this.#hub.watch(pattern, (match) => {
      this.fail(toError(match))
    })
    this.#undoAtRevoke.add(watch)
    return {
      [Symbol.dispose]: () => {
        this.#undoAtRevoke.delete(watch)
        watch[Symbol.dispose]()
      },
    }
  }

  keepReturns(): Disposable {
    this.#assertUsable()
    this.#hub.keepReturns(true)
    const kept = {
      [Symbol.dispose]: () => {
        if (this.#undoAtRevoke.delete(kept)) this.#hub.keepReturns(false)
      },
    }
    this.#undoAtRevoke.add(kept)
    return kept
  }

  discard(): void {
    this.#assertUsable()
    this.#hub.discard()
  }

  take(owner: string): Console {
    this.#assertUsable()
    return this.#hub.take(owner)
  }

  lastLines(count: number): readonly string[] {
    return this.#hub.lastLines(count)
  }

  /** Ends the wait in progress and all later ones; the first reason stays. */
  fail(error: Error): void {
    if (this.#failure !== undefined) return
    this.#failure = error
    this.#hub.failSearch(error)
  }

  /** @param newOwner who has the line now, for messages */
  revoke(newOwner: string): void {
    if (this.#revokedFor !== undefined) return
    this.#revokedFor = newOwner
    for (const undo of this.#undoAtRevoke) undo[Symbol.dispose]()
    this.#hub.failSearch(this.#taken())
  }

  #assertUsable(): void {
    if (this.#revokedFor !== undefined) throw this.#taken()
    if (this.#failure !== undefined) throw this.#failure
  }

  #taken(): HilError {
    const { name } = this.#hub
    return new HilError(
      'console.taken',
      `${this.#owner} no longer has the console of ${name}: it was handed to ${this.#revokedFor ?? 'another owner'}`,
      { blame: 'test', details: { owner: this.#owner, newOwner: this.#revokedFor } },
    )
  }

  #timeout(set: PatternSet, t: Deadline, cause: HilError, received: number): HilError {
    const { name } = this.#hub
    const seen = this.#hub.lastLines(shownLines)
    const waitedFor = set.names.join(' or ')
    const details = { waitedFor: set.names, chain: t.chain(), received, seen }
    const gaps = this.#hub.gaps - this.#knownGaps
    this.#knownGaps = this.#hub.gaps
    if (gaps > 0) {
      return new HilError(
        'console.gap',
        `no ${waitedFor} on the console of ${name} in time (${formatChain(t.chain())}), but it was away meanwhile (${this.#hub.latestGap?.message}): what was waited for, or asked for, may have been lost`,
        { blame: 'infrastructure', details: { ...details, gaps }, cause },
      )
    }
    const said =
      received === 0
        ? 'the console stayed silent'
        : `the console said last: ${JSON.stringify(seen.at(-1) ?? '')}`
    return new HilError(
      'console.timeout',
      `no ${waitedFor} on the console of ${name} in time (${formatChain(t.chain())}); ${said}`,
      { blame: 'board', details, cause },
    )
  }
}
