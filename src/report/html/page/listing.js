import { lastAtMost } from './recording.js'

/**
 * @typedef {import('./recording.js').Recording} Recording
 * @typedef {import('./recording.js').Aside} Aside
 * @typedef {import('./ansi.js').ShownLine} ShownLine
 *
 * @typedef {object} Entry one line of the listing
 * @property {number | undefined} line of the recording
 * @property {Aside | undefined} aside
 */

/** Which lines are listed, in which order, and in how many rows of some width. */
export class Listing {
  /** @type {Int32Array} a line of the recording, or ~ of an aside */
  #entries
  /** @type {Int32Array} the first row of each entry; one more for the end */
  #rows

  /**
   * @param {Recording} recording
   * @param {{ readonly columns: number, readonly showsSent: boolean }} options
   */
  constructor(recording, { columns, showsSent }) {
    this.recording = recording
    this.columns = columns
    this.#entries = orderOf(recording, showsSent)
    this.#rows = this.#countRows()
  }

  get length() {
    return this.#entries.length
  }

  get rowCount() {
    return this.#rows[this.#entries.length] ?? 0
  }

  /**
   * @param {number} index
   * @returns {Entry}
   */
  entryAt(index) {
    const code = this.#entries[index] ?? 0
    return code >= 0
      ? { line: code, aside: undefined }
      : { line: undefined, aside: this.recording.asides[~code] }
  }

  /**
   * @param {number} index
   * @param {number} [arrived] characters
   * @returns {ShownLine}
   */
  show(index, arrived) {
    const { line, aside } = this.entryAt(index)
    if (line !== undefined) return this.recording.show(line, arrived)
    const text = aside?.text ?? ''
    return { text, runs: [{ from: 0, to: text.length, style: asideStyle }] }
  }

  /**
   * When an entry began and ended.
   * @param {number} index
   * @returns {[from: number, to: number]}
   */
  timesOf(index) {
    const { line, aside } = this.entryAt(index)
    if (line !== undefined) return this.recording.timesOf(line)
    const t = aside?.t ?? 0
    return [t, t]
  }

  /** @param {number} row */
  entryOfRow(row) {
    return Math.max(0, Math.min(lastAtMost(this.#rows, row), this.length - 1))
  }

  /** @param {number} index */
  rowOf(index) {
    return this.#rows[index] ?? 0
  }

  /** @param {number} line of the recording */
  entryOfLine(line) {
    let low = line
    let high = this.length - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#lineUpTo(middle) < line) low = middle + 1
      else high = middle
    }
    return low
  }

  /**
   * The entry that shows what came at a time or first after it.
   * @param {number} t
   */
  entryFrom(t) {
    return this.entryOfLine(this.recording.lineAt(this.recording.firstFrom(t)))
  }

  /**
   * How many entries had begun at a time.
   * @param {number} t
   */
  begunAt(t) {
    let low = 0
    let high = this.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.timesOf(middle)[0] <= t) low = middle + 1
      else high = middle
    }
    return low
  }

  /**
   * The last line of the recording at an entry or before it.
   * @param {number} index
   */
  #lineUpTo(index) {
    for (let at = index; at >= 0; at--) {
      const code = this.#entries[at] ?? 0
      if (code >= 0) return code
    }
    return -1
  }

  #countRows() {
    const rows = new Int32Array(this.length + 1)
    for (let index = 0; index < this.length; index++) {
      rows[index + 1] = (rows[index] ?? 0) + this.#rowsOf(index)
    }
    return rows
  }

  /** @param {number} index */
  #rowsOf(index) {
    const code = this.#entries[index] ?? 0
    if (code >= 0) {
      const [from, to] = this.recording.rangeOf(code)
      if (to - from <= this.columns) return 1
    }
    return Math.max(1, Math.ceil(this.show(index).text.length / this.columns))
  }
}

const asideStyle = Object.freeze({ classes: '', color: undefined, background: undefined })

/**
 * An aside stands after the line during which it happened.
 * @param {Recording} recording
 * @param {boolean} showsSent
 */
function orderOf(recording, showsSent) {
  const { lineCount, asides } = recording
  const shown = asides.flatMap((aside, index) =>
    aside.kind === 'note' || showsSent ? [{ ...aside, index }] : [],
  )
  const entries = new Int32Array(lineCount + shown.length)
  let next = 0
  let line = 0
  for (const { index, after } of shown) {
    while (line < lineCount && (recording.lineStarts[line] ?? 0) < after) entries[next++] = line++
    entries[next++] = ~index
  }
  while (line < lineCount) entries[next++] = line++
  return entries
}
