import { Listing } from './listing.js'
import { cutAtMatches } from './finder.js'

/**
 * @typedef {import('./recording.js').Recording} Recording
 * @typedef {import('./finder.js').Match} Match
 *
 * @typedef {object} Highlights
 * @property {{ from: number, to: number } | undefined} span milliseconds: the step that is looked at
 * @property {number} moment where the playhead stands, in milliseconds
 * @property {readonly { from: number, to: number, level: string, title: string }[]} marks in characters
 * @property {readonly Match[]} matches
 * @property {number} match which of them is the current one
 */

/** The height of a row in pixels; page.css says the same. */
const rowHeight = 18

/** Browsers can't scroll further than some 16 million pixels; longer consoles scroll in proportion. */
const maximumHeight = 8_000_000

/** A console as a list of rows, of which only those in sight exist. */
export class ConsoleView {
  #element
  #spacer = document.createElement('div')
  #rows = document.createElement('div')
  #ruler = document.createElement('span')
  /** @type {Recording | undefined} */
  #recording
  /** @type {Listing | undefined} */
  #listing
  #showsSent = false
  /** How many entries there are, and characters in them; less than all while it plays. */
  #shownEntries = 0
  #arrived = Infinity
  #frame = 0
  /** @type {Highlights} */
  #highlights = { span: undefined, moment: 0, marks: [], matches: [], match: -1 }

  /** @param {HTMLElement} element that scrolls */
  constructor(element) {
    this.#element = element
    this.#spacer.className = 'spacer'
    this.#rows.className = 'rows'
    this.#ruler.className = 'ruler'
    this.#ruler.textContent = 'x'.repeat(100)
    element.replaceChildren(this.#spacer, this.#rows, this.#ruler)
    element.addEventListener('scroll', () => this.refresh(), { passive: true })
    new ResizeObserver(() => this.#relist()).observe(element)
  }

  get listing() {
    return this.#listing
  }

  get firstEntryInSight() {
    return this.#listing?.entryOfRow(this.#rowsInSight()[0]) ?? 0
  }

  /** @param {Recording} recording */
  open(recording) {
    this.#recording = recording
    this.#highlights = { ...this.#highlights, span: undefined, marks: [], matches: [], match: -1 }
    this.#relist(true)
  }

  /** @param {boolean} showsSent */
  showSent(showsSent) {
    this.#showsSent = showsSent
    this.#relist(true)
  }

  /** @param {Partial<Highlights>} highlights */
  highlight(highlights) {
    this.#highlights = { ...this.#highlights, ...highlights }
    this.refresh()
  }

  /**
   * Shows what had arrived at a time, its end in sight.
   * @param {number} t
   */
  playTo(t) {
    if (this.#listing === undefined || this.#recording === undefined) return
    this.#shownEntries = this.#listing.begunAt(t)
    this.#arrived = this.#recording.arrivedAt(t)
    this.#highlights = { ...this.#highlights, moment: t }
    this.#resize()
    this.#element.scrollTop = this.#element.scrollHeight
    this.refresh()
  }

  /** Shows everything, where it stands. */
  showAll() {
    this.#shownEntries = this.#listing?.length ?? 0
    this.#arrived = Infinity
    this.#resize()
    this.refresh()
  }

  /**
   * Brings what came at a time into sight.
   * @param {number} t
   * @param {number} [share] how far down, of the height
   */
  scrollToTime(t, share = 0.25) {
    if (this.#listing !== undefined) this.scrollToEntry(this.#listing.entryFrom(t), share)
  }

  /**
   * @param {number} entry
   * @param {number} [share] how far down, of the height
   */
  scrollToEntry(entry, share = 0.4) {
    if (this.#listing === undefined) return
    const above = Math.floor((this.#element.clientHeight * share) / rowHeight)
    this.#element.scrollTop = Math.max(0, this.#listing.rowOf(entry) - above) * rowHeight * this.#scale()
    this.refresh()
  }

  /** @param {number} entry */
  isInSight(entry) {
    const [first, last] = this.#rowsInSight()
    const row = this.#listing?.rowOf(entry) ?? 0
    return row >= first && row < last
  }

  /** From when to when is what is in sight: @returns {{ from: number, to: number } | undefined} */
  get timesInSight() {
    const listing = this.#listing
    if (listing === undefined || listing.length === 0) return undefined
    const [first, last] = this.#rowsInSight()
    const [from] = listing.timesOf(listing.entryOfRow(first))
    const [, to] = listing.timesOf(listing.entryOfRow(Math.max(first, last - 1)))
    return { from, to: Math.max(from, to) }
  }

  /** Draws with the next frame. */
  refresh() {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw())
  }

  /** Called after each drawing. */
  onDraw() {}

  /** @param {boolean} [always] */
  #relist(always = false) {
    const recording = this.#recording
    if (recording === undefined) return
    const character = this.#ruler.getBoundingClientRect().width / 100 || 7.2
    const gutter = this.#ruler.offsetLeft
    const width = this.#element.clientWidth - gutter - 12
    const columns = Math.max(20, Math.floor(width / character))
    if (!always && columns === this.#listing?.columns) return this.refresh()
    const before = this.#listing
    const top = before?.entryOfRow(this.#rowsInSight()[0])
    const t = top === undefined ? undefined : before?.timesOf(top)[0]
    const wasAtTop = this.#element.scrollTop === 0
    this.#listing = new Listing(recording, { columns, showsSent: this.#showsSent })
    this.showAll()
    if (t !== undefined && !wasAtTop && before?.recording === recording) {
      this.scrollToEntry(this.#listing.entryFrom(t), 0)
    }
  }

  #shownRows() {
    return this.#listing?.rowOf(this.#shownEntries) ?? 0
  }

  #scale() {
    const { clientHeight } = this.#element
    const height = this.#shownRows() * rowHeight
    return height <= maximumHeight ? 1 : (maximumHeight - clientHeight) / (height - clientHeight)
  }

  #resize() {
    const height = Math.min(maximumHeight, this.#shownRows() * rowHeight)
    this.#spacer.style.height = `${height + 8}px`
  }

  /** @returns {[first: number, last: number]} the last one excluded */
  #rowsInSight() {
    const count = Math.ceil(this.#element.clientHeight / rowHeight)
    const first = Math.floor(this.#element.scrollTop / rowHeight / this.#scale())
    return [Math.max(0, Math.min(first, this.#shownRows() - 1)), Math.min(this.#shownRows(), first + count)]
  }

  #draw() {
    this.#frame = 0
    const listing = this.#listing
    if (listing === undefined) return
    const [first, last] = this.#rowsInSight()
    const from = listing.entryOfRow(Math.max(0, first - 4))
    const fragment = document.createDocumentFragment()
    for (let entry = from; entry < this.#shownEntries && listing.rowOf(entry) < last + 4; entry++) {
      fragment.append(...this.#drawEntry(listing, entry))
    }
    if (listing.length === 0) fragment.append(nothing())
    this.#rows.replaceChildren(fragment)
    const shift =
      this.#scale() === 1
        ? listing.rowOf(from) * rowHeight
        : this.#element.scrollTop - (first - listing.rowOf(from)) * rowHeight
    this.#rows.style.transform = `translateY(${shift}px)`
    this.onDraw()
  }

  /**
   * @param {Listing} listing
   * @param {number} entry
   */
  #drawEntry(listing, entry) {
    const { line, aside } = listing.entryAt(entry)
    const { matches, match } = this.#highlights
    const own = matches.flatMap(({ entry: at, from, to }, index) =>
      at === entry ? [{ from, to, isCurrent: index === match }] : [],
    )
    const { text, runs } = listing.show(entry, this.#arrived)
    const pieces = cutAtMatches(runs, own)
    const [from, to] = listing.timesOf(entry)
    const isOwn = line !== undefined && this.#recording?.isOwn(text) === true
    const classes = `${this.#classesOf(line, aside?.kind, from, to)}${isOwn ? ' own' : ''}`
    /** @type {HTMLElement[]} */
    const rows = []
    for (let start = 0; start === 0 || start < text.length; start += listing.columns) {
      const row = document.createElement('div')
      row.className = classes
      row.dataset['entry'] = String(entry)
      if (isOwn) row.title = "hil's own: how it runs commands, and their exit status"
      const time = document.createElement('span')
      time.className = 'when'
      if (start === 0) time.textContent = (from / 1000).toFixed(3)
      const content = document.createElement('span')
      content.className = 'what'
      const end = start + listing.columns
      for (const piece of pieces) {
        if (piece.to <= start || piece.from >= end) continue
        content.append(spanOf(text.slice(Math.max(piece.from, start), Math.min(piece.to, end)), piece))
      }
      row.append(time, content)
      rows.push(row)
    }
    return rows
  }

  /**
   * @param {number | undefined} line
   * @param {string | undefined} kind of an aside
   * @param {number} from
   * @param {number} to
   */
  #classesOf(line, kind, from, to) {
    const { span, moment, marks } = this.#highlights
    const classes = ['row']
    if (kind !== undefined) classes.push(kind)
    if (span !== undefined && from <= span.to && to >= span.from) classes.push('of-step')
    if (from > moment) classes.push('later')
    if (line !== undefined && this.#recording !== undefined) {
      const [start, end] = this.#recording.rangeOf(line)
      const mark = marks.find((mark) => mark.from < end && mark.to > start)
      if (mark !== undefined) classes.push('finding', mark.level)
      if (mark !== undefined && mark.from >= start) classes.push('first')
    }
    return classes.join(' ')
  }
}

function nothing() {
  const element = document.createElement('p')
  element.className = 'nothing'
  element.textContent = 'Nothing came over this console.'
  return element
}

/**
 * @param {string} text
 * @param {{ readonly style: import('./ansi.js').Style, readonly match: string }} look
 */
function spanOf(text, { style, match }) {
  const { classes, color, background } = style
  if (classes === '' && color === undefined && background === undefined && match === '') {
    return document.createTextNode(text)
  }
  const span = document.createElement(match === '' ? 'span' : 'mark')
  span.className = [classes, match].filter((name) => name !== '').join(' ')
  if (color !== undefined) span.style.color = color
  if (background !== undefined) span.style.background = background
  span.textContent = text
  return span
}
