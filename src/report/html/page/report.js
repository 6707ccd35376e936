import { Axis } from './axis.js'
import { ConsoleView } from './console-view.js'
import { byId, formatMoment } from './data.js'
import { copy, linkTo, momentOfLink } from './links.js'
import { Player } from './player.js'
import { Recording } from './recording.js'
import { Search } from './search.js'
import { Tree } from './tree.js'

/**
 * @typedef {import('./data.js').PageData} PageData
 * @typedef {{ readonly from: number, readonly to: number }} Span milliseconds
 */

/** The page as a whole: one moment, shown by tree, console and time axis alike. */
export class Report {
  #data
  #view
  #tree
  #axis
  #player
  #showTab
  #index = -1
  #recording = new Recording([])
  /** @type {Map<number, Recording>} */
  #recordings = new Map()
  /** @type {readonly { t: number, from: number, to: number, level: string, title: string }[]} */
  #marks = []

  /**
   * @param {PageData} data
   * @param {(index: number) => void} showTab
   */
  constructor(data, showTab) {
    this.#data = data
    this.#showTab = showTab
    this.#view = new ConsoleView(byId('console'))
    this.search = new Search(this.#view)
    this.#tree = new Tree(byId('tree'), ({ board, from, to, byte }) => {
      this.openBoard(board)
      this.goTo(from, { from, to })
      if (byte !== undefined) this.#showMark({ t: from, from: this.#recording.characterOfByte(byte) })
    })
    this.#axis = new Axis(byId('axis'), data.end, (t) => this.jump(t))
    this.#player = new Player({
      end: data.end,
      nextAfter: (t) => this.#recording.nextAfter(t) ?? data.end,
      onTick: (t) => {
        this.#view.playTo(t)
        this.#showMoment(t)
        this.#lightUp(t)
      },
      onChange: (isPlaying) => {
        byId('play').textContent = isPlaying ? 'Pause' : 'Play'
        byId('play').ariaPressed = String(isPlaying)
        if (!isPlaying) this.#view.showAll()
      },
    })
    this.#view.onDraw = () => {
      this.#axis.seen = this.#view.timesInSight
    }
    this.openBoard(data.boards[0]?.name)
  }

  get player() {
    return this.#player
  }

  /** @param {string | undefined} name the same board stays where nothing has this name */
  openBoard(name) {
    const index = this.#data.boards.findIndex((board) => board.name === name)
    const board = this.#data.boards[index]
    if (board === undefined || index === this.#index) return
    this.#index = index
    const recording = this.#recordings.get(index) ?? new Recording(board.console, board.own)
    this.#recordings.set(index, recording)
    this.#recording = recording
    this.#marks = board.marks.map((mark) => ({
      ...mark,
      from: recording.characterOfByte(mark.from),
      to: recording.characterOfByte(mark.to),
    }))
    const choice = document.getElementById('board')
    if (choice instanceof HTMLSelectElement) choice.value = String(index)
    byId('console').ariaLabel = `Console of ${board.name}`
    byId('next-mark').hidden = this.#marks.length === 0
    byId('next-mark').textContent = this.#marks.length === 1 ? '1 finding' : `${this.#marks.length} findings`
    this.#view.open(recording)
    this.#view.highlight({ marks: this.#marks })
    this.#axis.open(board, recording)
    this.search.update()
  }

  /** @param {number} index */
  openBoardAt(index) {
    this.openBoard(this.#data.boards[index]?.name)
  }

  /**
   * Brings a moment into sight.
   * @param {number} t
   * @param {Span} [span] of the step it belongs to
   */
  goTo(t, span) {
    this.#player.pause()
    this.#player.t = t
    this.#showTab(0)
    this.#view.highlight({ moment: span === undefined ? t : Infinity, span })
    this.#view.scrollToTime(t)
    this.#showMoment(this.#player.t)
  }

  /**
   * Brings a moment into sight, and lights up the step in which it was.
   * @param {number} t
   */
  jump(t) {
    this.goTo(Math.max(0, Math.min(t, this.#data.end)))
    this.#lightUp(this.#player.t)
  }

  /** @param {number} by milliseconds */
  move(by) {
    this.jump(this.#player.t + by)
  }

  /** Nothing is chosen yet: the console from its first line on. */
  toStart() {
    this.jump(0)
    this.#view.highlight({ moment: Infinity, span: undefined })
  }

  toEnd() {
    this.jump(this.#data.end)
  }

  /** @param {number} by 1 or -1 */
  step(by) {
    this.#tree.step(by)
  }

  /** A line of the console was clicked. @param {number} entry */
  chooseLine(entry) {
    const [t] = this.#view.listing?.timesOf(entry) ?? [0]
    this.#player.pause()
    this.#player.t = t
    this.#view.highlight({ moment: Infinity })
    this.#showMoment(t)
    this.#lightUp(t)
  }

  /** @param {number} by 1 or -1 */
  nextMark(by) {
    const { t } = this.#player
    const current = this.#marks.findIndex((mark) => mark.t === t)
    const following =
      by > 0 ? this.#marks.findIndex((mark) => mark.t > t) : this.#marks.findLastIndex((mark) => mark.t < t)
    const count = this.#marks.length
    const mark = this.#marks[current === -1 ? Math.max(0, following) : (current + by + count) % count]
    if (mark === undefined) return
    this.jump(mark.t)
    this.#view.highlight({ moment: Infinity })
    this.#showMark(mark)
  }

  togglePlay() {
    this.#showTab(0)
    if (this.#player.isPlaying) this.#player.pause()
    else this.#player.play()
  }

  /** @param {boolean} isShown */
  showSent(isShown) {
    this.#view.showSent(isShown)
    this.search.update()
  }

  copyLink() {
    const { boards } = this.#data
    const { t } = this.#player
    const link = linkTo(t, boards.length > 1 ? boards[this.#index]?.name : undefined)
    history.replaceState(null, '', link)
    void copy(link, `Link to ${formatMoment(t)} copied`)
  }

  /** Goes where the link of the page points to. @returns whether it points anywhere */
  openLink() {
    const moment = momentOfLink()
    if (moment === undefined) return false
    this.openBoard(moment.board)
    this.jump(moment.t)
    return true
  }

  /**
   * Brings into sight what the run failed for: what the kernel said of it, or else the end of the test.
   * @returns whether anything failed
   */
  showFailure() {
    const { t, board } = document.getElementById('first-failure')?.dataset ?? {}
    if (t === undefined) return false
    this.openBoard(board)
    this.goTo(Number(t))
    const span = this.#tree.markFailure(board, Number(t))
    const within = (/** @type {number} */ time) => span !== undefined && time >= span.from && time <= span.to
    const mark =
      this.#marks.find((mark) => mark.t === Number(t)) ??
      this.#marks.find((mark) => mark.level !== 'warning' && within(mark.t))
    this.#view.highlight({ span, moment: Infinity })
    if (mark !== undefined) this.#showMark(mark)
    else this.#view.scrollToTime(Number(t), 0.75)
    return true
  }

  /** @param {number} factor */
  zoom(factor) {
    this.#axis.zoom(factor)
  }

  /** @param {{ t: number, from: number }} mark */
  #showMark({ t, from }) {
    this.#player.t = t
    this.#showMoment(t)
    const entry = this.#view.listing?.entryOfLine(this.#recording.lineAt(from))
    if (entry !== undefined) this.#view.scrollToEntry(entry, 0.25)
  }

  /** @param {number} t */
  #showMoment(t) {
    this.#axis.t = t
    byId('clock').textContent = formatMoment(t)
  }

  /** @param {number} t */
  #lightUp(t) {
    this.#view.highlight({ span: this.#tree.lightUp(this.#data.boards[this.#index]?.name ?? '', t) })
  }
}
