import type { Needles } from './needles.ts'

/** A line, or a piece of one that is too long, as bytes. */
export interface RawLine {
  /** Without LF; a CR before it and escape sequences are still in it. */
  readonly text: string
  /** Counts from 1. */
  readonly number: number
  /** Where on the console its first byte is, counted from 0. */
  readonly offset: number
  /** Where its last byte ends, line end included. */
  readonly end: number
  /** When the chunk came that holds its first byte, in milliseconds. */
  readonly hostTimeMs: number
  /** Whether its LF came: not so for a piece, or for a line that was broken off. */
  readonly isComplete: boolean
  /** Which words were found in it, by their place in the list, in order. */
  readonly found: readonly number[]
}

export interface LineSink {
  /** Whether every line is wanted now, or only those with a word in them. */
  wantsEveryLine(): boolean
  /** A complete line. */
  line(line: RawLine): void
  /** A line up to the end of a word that is looked for before the line is complete. */
  beginning(line: RawLine): void
}

/** A longer line is given in pieces. */
const maximumPiece = 4096
/** What is looked for before its line is complete stands this near to the line's beginning. */
const earlyLimit = 160
/** So much of a piece is shown again in front of the next, so that no word is cut in two. */
const overlap = 512
/** A piece of nothing but words tells no more than one of so many. */
const maximumFound = 256
/** No word is longer. */
const longestWord = 64

/**
 * Cuts console bytes into lines. Lines nobody asked for are never decoded, so the cost of an ordinary
 * line is that of looking at its bytes once. How the bytes are cut into chunks makes no difference.
 */
export class RawLines {
  readonly #needles: Needles
  readonly #isEarly: readonly boolean[]
  readonly #sink: LineSink
  #state = 0
  /** Bytes of the unfinished line from earlier chunks, and how many there are. */
  readonly #pending = Buffer.alloc(maximumPiece)
  #pendingLength = 0
  #lineOffset = 0
  #lineTimeMs = 0
  #number = 1
  #found: number[] = []
  /** Where they end on the console. */
  #foundEnds: number[] = []
  /** Bytes before this chunk. */
  #received = 0

  /** @param early the words of `needles` that are reported before their line is complete */
  constructor(needles: Needles, early: ReadonlySet<string>, sink: LineSink) {
    this.#needles = needles
    this.#isEarly = needles.words.map((word) => early.has(word))
    this.#sink = sink
  }

  /** The number of the line that is being read. */
  get lineNumber(): number {
    return this.#number
  }

  /** How many bytes have come. */
  get received(): number {
    return this.#received
  }

  push(chunk: Uint8Array, hostTimeMs: number): void {
    const { next, firstOutput, lineEnd } = this.#needles
    const length = chunk.length
    if (length === 0) return
    if (this.#lineOffset === this.#received) this.#lineTimeMs = hostTimeMs
    let state = this.#state
    /** Where in this chunk the bytes of the line begin that are not in `#pending`. */
    let start = 0
    let at = 0
    while (at < length) {
      const stop = Math.min(length, start + maximumPiece - this.#pendingLength)
      while (at < stop) {
        state = next[(state << 8) | (chunk[at++] as number)] as number
        if (state >= firstOutput) break
      }
      if (state === lineEnd) {
        this.#complete(chunk, start, at)
        start = at
        this.#lineTimeMs = hostTimeMs
      } else if (state >= firstOutput) {
        this.#note(state, chunk, start, at)
      }
      if (at - start + this.#pendingLength === maximumPiece) {
        this.#cut(chunk, start, at, hostTimeMs)
        start = at
      }
    }
    this.#state = state
    this.#keep(chunk, start, length)
    this.#received += length
  }

  /** Ends the unfinished line: the rest of it does not come. */
  breakLine(): void {
    if (this.#pendingLength === 0) return
    if (this.#isWanted()) this.#sink.line(this.#make(empty, 0, 0, this.#received, false))
    this.#startLine(this.#received)
    this.#state = 0
  }

  #isWanted(): boolean {
    return this.#found.length > 0 || this.#sink.wantsEveryLine()
  }

  #complete(chunk: Uint8Array, start: number, at: number): void {
    const end = this.#received + at
    if (this.#isWanted()) this.#sink.line(this.#make(chunk, start, at - 1, end, true))
    this.#startLine(end)
  }

  #startLine(offset: number): void {
    this.#pendingLength = 0
    this.#lineOffset = offset
    this.#number++
    if (this.#found.length === 0) return
    this.#found = []
    this.#foundEnds = []
  }

  #note(state: number, chunk: Uint8Array, start: number, at: number): void {
    for (const word of this.#needles.foundIn(state)) {
      if (this.#found.length < maximumFound) {
        this.#found.push(word)
        this.#foundEnds.push(this.#received + at)
      }
      if (this.#isEarly[word] === true && at - start + this.#pendingLength <= earlyLimit) {
        this.#sink.beginning(this.#make(chunk, start, at, this.#received + at, false))
      }
    }
  }

  /** What is found near the end of a piece is told with the next, which shows what follows it. */
  #cut(chunk: Uint8Array, start: number, at: number, hostTimeMs: number): void {
    const end = this.#received + at
    const [found, ends] = [this.#found, this.#foundEnds]
    const kept = ends.filter((foundEnd) => foundEnd <= end - overlap + longestWord).length
    this.#found = found.slice(0, kept)
    if (this.#isWanted()) this.#sink.line(this.#make(chunk, start, at, end, false))
    this.#found = found.slice(kept)
    this.#foundEnds = ends.slice(kept)
    this.#keep(chunk, start, at)
    this.#pending.copyWithin(0, this.#pendingLength - overlap, this.#pendingLength)
    this.#pendingLength = overlap
    this.#lineOffset = end - overlap
    this.#lineTimeMs = hostTimeMs
  }

  #keep(chunk: Uint8Array, start: number, end: number): void {
    if (start === end) return
    this.#pending.set(chunk.subarray(start, end), this.#pendingLength)
    this.#pendingLength += end - start
  }

  #make(chunk: Uint8Array, start: number, textEnd: number, end: number, isComplete: boolean): RawLine {
    let bytes = Buffer.from(chunk.buffer, chunk.byteOffset + start, Math.max(0, textEnd - start))
    if (this.#pendingLength > 0) {
      bytes = Buffer.concat([this.#pending.subarray(0, this.#pendingLength), bytes])
    }
    return {
      text: bytes.toString('utf8'),
      number: this.#number,
      offset: this.#lineOffset,
      end,
      hostTimeMs: this.#lineTimeMs,
      isComplete,
      found: this.#found,
    }
  }
}

const empty = new Uint8Array(0)
