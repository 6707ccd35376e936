import { plain, showLine, styleAfter } from './ansi.js'

/**
 * @typedef {import('./ansi.js').Style} Style
 * @typedef {import('./ansi.js').ShownLine} ShownLine
 * @typedef {readonly [t: number, direction: 'received' | 'sent' | 'note', text: string, byte: number]} Piece
 *
 * @typedef {object} Aside a line that the board did not say
 * @property {'sent' | 'note'} kind
 * @property {number} t
 * @property {string} text
 * @property {number} after how many characters had been received
 */

/** Letters that hil's sessions mark their lines with, and the two lines by which they introduce themselves. */
const introduction =
  /hil"-"[a-z0-9]{2}|PS1='hil-|^hil-[a-z0-9]{2}$|^hil=[0-9a-f:]{1,200}\||h_='echo [a-z0-9]{2}:'/

/** A line without an end is cut after so many characters. */
const maximumLine = 4096

/**
 * All that was received over one console, as text with times, cut into lines. What a line looks like is worked
 * out only when somebody looks at it: four megabytes of line feeds cost four bytes each.
 */
export class Recording {
  /** All characters received. */
  text = ''
  /** Where each line begins in `text`; one more for the end. */
  lineStarts = new Int32Array(1)
  /** @type {readonly Aside[]} in order of time */
  asides = []
  /** @type {number[]} where each piece begins in `text` */
  #pieceStarts = []
  /** @type {number[]} */
  #pieceTimes = []
  /** @type {number[]} */
  #pieceBytes = []
  /** @type {number[]} after which character the style changes */
  #styleStarts = []
  /** @type {Style[]} */
  #styles = []
  #own

  /**
   * @param {readonly Piece[]} pieces
   * @param {readonly string[]} [own] with which hil's sessions mark their own lines
   */
  constructor(pieces, own = []) {
    this.#own = new Set(own)
    /** @type {string[]} */
    const texts = []
    let length = 0
    for (const [t, direction, text, byte] of pieces) {
      if (direction !== 'received') continue
      this.#pieceStarts.push(length)
      this.#pieceTimes.push(t)
      this.#pieceBytes.push(byte)
      texts.push(text)
      length += text.length
    }
    this.text = texts.join('')
    this.lineStarts = findLines(this.text)
    this.asides = findAsides(pieces)
    this.#findStyles()
  }

  /**
   * Whether a line is of hil's own: how its sessions begin, and the status of a command.
   * @param {string} text as it is shown
   */
  isOwn(text) {
    if (this.#own.size === 0) return false
    const mark = /^([a-z0-9]{2})(?::\d{1,3}|\d{3})$/.exec(text)?.[1]
    return (mark !== undefined && this.#own.has(mark)) || introduction.test(text)
  }

  get lineCount() {
    return this.lineStarts.length - 1
  }

  /**
   * @param {number} line
   * @param {number} [end] of what has arrived, in characters
   * @returns {ShownLine}
   */
  show(line, end = Infinity) {
    const [from, to] = this.rangeOf(line)
    const raw = this.text.slice(from, Math.max(from, Math.min(to, end)))
    return showLine(raw.replace(/\r{0,64}\n$/, '').replace(/\r{1,64}$/, ''), this.#styleAt(from))
  }

  /**
   * @param {number} line
   * @returns {[from: number, to: number]} in characters
   */
  rangeOf(line) {
    return [this.lineStarts[line] ?? 0, this.lineStarts[line + 1] ?? this.text.length]
  }

  /**
   * When a character arrived.
   * @param {number} at
   */
  timeOf(at) {
    return this.#pieceTimes[lastAtMost(this.#pieceStarts, at)] ?? 0
  }

  /**
   * When a line began and when it was complete.
   * @param {number} line
   * @returns {[from: number, to: number]}
   */
  timesOf(line) {
    const [from, to] = this.rangeOf(line)
    return [this.timeOf(from), this.timeOf(Math.max(from, to - 1))]
  }

  /**
   * How many characters had arrived at a time, what came at it included.
   * @param {number} t
   */
  arrivedAt(t) {
    return this.#pieceStarts[lastAtMost(this.#pieceTimes, t) + 1] ?? this.text.length
  }

  /**
   * The first character that came at a time or after it.
   * @param {number} t
   */
  firstFrom(t) {
    const piece = firstAtLeast(this.#pieceTimes, t)
    return this.#pieceStarts[piece] ?? this.text.length
  }

  /**
   * The line a character is in.
   * @param {number} at
   */
  lineAt(at) {
    return Math.max(0, Math.min(lastAtMost(this.lineStarts, at), this.lineCount - 1))
  }

  /**
   * The character at a byte of the raw console.
   * @param {number} byte
   */
  characterOfByte(byte) {
    const piece = Math.max(0, lastAtMost(this.#pieceBytes, byte))
    let at = this.#pieceStarts[piece] ?? 0
    const end = this.#pieceStarts[piece + 1] ?? this.text.length
    for (let seen = this.#pieceBytes[piece] ?? 0; seen < byte && at < end; at++) {
      const unit = this.text.charCodeAt(at)
      seen += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 2 : 3
    }
    return at
  }

  /**
   * When the next character comes; undefined where none does.
   * @param {number} t
   */
  nextAfter(t) {
    return this.#pieceTimes[lastAtMost(this.#pieceTimes, t) + 1]
  }

  /**
   * Characters that came in each of some stretches of time of the same length.
   * @param {number} from milliseconds
   * @param {number} to
   * @param {number} count
   */
  histogram(from, to, count) {
    const counts = new Float64Array(count)
    this.#pieceTimes.forEach((t, piece) => {
      const slot = Math.floor(((t - from) / (to - from)) * count)
      if (slot < 0 || slot > count) return
      const length = (this.#pieceStarts[piece + 1] ?? this.text.length) - (this.#pieceStarts[piece] ?? 0)
      const last = Math.min(slot, count - 1)
      counts[last] = (counts[last] ?? 0) + length
    })
    return counts
  }

  #findStyles() {
    let style = plain
    for (const match of this.text.matchAll(/(?:\x1b\[|\x9b)([0-9;:]{0,64})m/g)) {
      const next = styleAfter(style, match[1] ?? '')
      if (next === style) continue
      style = next
      this.#styleStarts.push(match.index + match[0].length)
      this.#styles.push(style)
    }
  }

  /** @param {number} at */
  #styleAt(at) {
    return this.#styles[lastAtMost(this.#styleStarts, at)] ?? plain
  }
}

/**
 * Lines end with a line feed, before the cursor is set elsewhere on the screen, and where they get too long.
 * @param {string} text
 */
function findLines(text) {
  /** @type {number[]} */
  const starts = [0]
  let start = 0
  /** @param {number} end */
  const cut = (end) => {
    while (end - start > maximumLine) starts.push((start = cutPoint(text, start)))
    if (end > start) starts.push((start = end))
  }
  for (const { 0: found, index } of text.matchAll(/\n|(?:\x1b\[|\x9b)[0-9;]{0,16}[Hf]/g)) {
    cut(found === '\n' ? index + 1 : index)
  }
  cut(text.length)
  return Int32Array.from(starts)
}

/**
 * Not inside an escape sequence nor a surrogate pair.
 * @param {string} text
 * @param {number} start
 */
function cutPoint(text, start) {
  const end = start + maximumLine
  const escape = text.lastIndexOf('\x1b', end)
  if (escape > end - 32) return escape
  const last = text.charCodeAt(end - 1)
  return last >= 0xd800 && last <= 0xdbff ? end - 1 : end
}

/**
 * Keys become lines: a return ends one.
 * @param {readonly Piece[]} pieces
 * @returns {Aside[]}
 */
function findAsides(pieces) {
  /** @type {Aside[]} */
  const asides = []
  /** @type {Aside | undefined} */
  let open
  let received = 0
  for (const [t, direction, text] of pieces) {
    if (direction === 'received') received += text.length
    else if (direction === 'note') asides.push({ kind: 'note', t, text, after: received })
    else {
      for (const key of text.match(/\r\n?|\n|[^\r\n]{1,4096}/g) ?? []) {
        if (open === undefined) asides.push((open = { kind: 'sent', t, text: '', after: received }))
        if (key.startsWith('\r') || key === '\n') open = undefined
        else open.text += key.replace(/[\x00-\x1f\x7f]/g, caret)
        if (open !== undefined && (/\^[CD]$/.test(open.text) || open.text.length > maximumLine))
          open = undefined
      }
    }
  }
  return asides
}

/** @param {string} key */
function caret(key) {
  return `^${String.fromCharCode(key.charCodeAt(0) ^ 0x40)}`
}

/**
 * @param {ArrayLike<number>} sorted
 * @param {number} value
 * @returns {number} the index of the last that is not greater; -1 where all are
 */
export function lastAtMost(sorted, value) {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? 0) <= value) low = middle + 1
    else high = middle
  }
  return low - 1
}

/**
 * @param {ArrayLike<number>} sorted
 * @param {number} value
 * @returns {number} the index of the first that is not smaller; the length where all are
 */
export function firstAtLeast(sorted, value) {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? 0) < value) low = middle + 1
    else high = middle
  }
  return low
}
