import type { Hit, PatternSet } from './pattern-set.ts'

/** A hit in the window, with all text before it that had not been consumed. */
export interface WindowHit<Name extends string = string> extends Hit<Name> {
  readonly before: string
  readonly cursorAsked: boolean
  readonly lost: number
}

/** So many small chunks become one: a flood in small pieces would keep millions of strings alive. */
const smallChunks = 64

/**
 * The text that has arrived and that no match has consumed yet. Kept as chunks: a search over new
 * text costs the new text plus the patterns' reach, however much has piled up.
 */
export class ReceiveWindow {
  #chunks: string[] = []
  #length = 0
  /** How many of the chunks, from the front, are joined ones. */
  #joined = 0
  /** Characters dropped from the front because nobody consumed them. */
  #lost = 0
  /** The last character before the window, for `^`. */
  #previous = '\n'
  /** Where in the window the terminal was last asked for its cursor; negative where that was before it. */
  #cursorAskedAt = -1

  get length(): number {
    return this.#length
  }

  /** The terminal is asked for its cursor. @param ahead that many characters behind what was pushed */
  cursorAsked(ahead: number): void {
    this.#cursorAskedAt = this.#length + ahead
  }

  push(text: string, limit: number): void {
    this.#chunks.push(text)
    this.#length += text.length
    if (this.#chunks.length - this.#joined >= smallChunks) this.#joinSmall()
    if (this.#length > limit) this.#drop(this.#length - limit)
  }

  /** Looks through everything unconsumed. */
  findAnywhere<Name extends string>(patterns: PatternSet<Name>): WindowHit<Name> | undefined {
    return this.#findFrom(patterns, 0)
  }

  /** Looks only where the last `added` characters can have made a new match. */
  findInNew<Name extends string>(patterns: PatternSet<Name>, added: number): WindowHit<Name> | undefined {
    return this.#findFrom(patterns, Math.max(0, this.#length - added - patterns.reach))
  }

  clear(): void {
    this.#consume(this.#length)
    this.#cursorAskedAt = -1
  }

  #joinSmall(): void {
    this.#chunks.push(this.#chunks.splice(this.#joined).join(''))
    this.#joined++
  }

  /**
   * Drops whole chunks from the front, and a quarter more than asked, so that a flood nobody waits
   * for does not move the array at every chunk.
   */
  #drop(excess: number): void {
    const wanted = excess + this.#length / 4
    let count = 0
    let dropped = 0
    while (dropped < wanted && count < this.#chunks.length - 1) dropped += this.#chunks[count++]?.length ?? 0
    if (count === 0) return
    this.#previous = this.#chunks[count - 1]?.at(-1) ?? this.#previous
    this.#chunks = this.#chunks.slice(count)
    this.#joined = Math.max(0, this.#joined - count)
    this.#length -= dropped
    this.#cursorAskedAt -= dropped
    this.#lost += dropped
  }

  #findFrom<Name extends string>(patterns: PatternSet<Name>, from: number): WindowHit<Name> | undefined {
    // One character more than is searched, so that `^` knows whether a line begins at `from`.
    const hit = patterns.find(this.#tail(from), 1)
    if (hit === undefined) return undefined
    const index = from + hit.index - 1
    const end = index + hit.text.length
    const cursorAsked = this.#cursorAskedAt >= 0 && this.#cursorAskedAt < end
    const lost = this.#lost
    return { ...hit, cursorAsked, lost, before: this.#consume(end).slice(0, index) }
  }

  /** The character before `from`, and everything from there on. */
  #tail(from: number): string {
    let start = this.#length
    let first = this.#chunks.length
    while (start >= from && first > 0) {
      first--
      start -= this.#chunks[first]?.length ?? 0
    }
    const text = this.#chunks.slice(first).join('')
    return from === 0 ? this.#previous + text : text.slice(from - 1 - start)
  }

  /** Takes that many characters from the front. */
  #consume(count: number): string {
    const all = this.#chunks.join('')
    const consumed = all.slice(0, count)
    const rest = all.slice(count)
    this.#previous = consumed.at(-1) ?? this.#previous
    this.#chunks = rest === '' ? [] : [rest]
    this.#joined = 0
    this.#length = rest.length
    this.#cursorAskedAt -= count
    this.#lost = 0
    return consumed
  }
}
