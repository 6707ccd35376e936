import { formatMoment } from './data.js'

/**
 * @typedef {import('./data.js').PageBoard} PageBoard
 * @typedef {import('./recording.js').Recording} Recording
 */

const labels = 70
const height = 124
/** Top and height of each lane in pixels. */
const lanes = {
  power: { top: 4, height: 6 },
  stages: { top: 14, height: 16 },
  states: { top: 34, height: 16 },
  tests: { top: 54, height: 16 },
  bytes: { top: 74, height: 32 },
}

/** The time axis: power, boot stages, states, tests, bytes per second, and where the playhead stands. */
export class Axis {
  #element
  #end
  /** @type {PageBoard | undefined} */
  #board
  /** @type {Recording | undefined} */
  #recording
  #playhead = line('playhead')
  #window = rectangle('window', 0, 0, 0, 0)
  #t = 0
  /** @type {{ from: number, to: number } | undefined} */
  #seen
  /** The part of the run that the axis shows. */
  #from = 0
  #to

  /**
   * @param {HTMLElement} element
   * @param {number} end of the run, in milliseconds
   * @param {(t: number) => void} onSeek
   */
  constructor(element, end, onSeek) {
    this.#element = element
    this.#end = Math.max(1, end)
    this.#to = this.#end
    element.ariaValueMax = String(Math.round(end))
    const seek = (/** @type {PointerEvent} */ event) => {
      const { left, width } = element.getBoundingClientRect()
      const share = (event.clientX - left - labels) / (width - labels - 8)
      onSeek(this.#from + Math.max(0, Math.min(1, share)) * (this.#to - this.#from))
    }
    element.addEventListener('wheel', (event) => {
      const { left, width } = element.getBoundingClientRect()
      const share = Math.max(0, Math.min(1, (event.clientX - left - labels) / (width - labels - 8)))
      event.preventDefault()
      if (event.deltaX !== 0) this.#pan((event.deltaX / width) * (this.#to - this.#from))
      if (event.deltaY !== 0)
        this.zoom(Math.exp(event.deltaY / 300), this.#from + share * (this.#to - this.#from))
    })
    element.addEventListener('pointerdown', (event) => {
      element.setPointerCapture(event.pointerId)
      seek(event)
    })
    element.addEventListener('pointermove', (event) => {
      if (element.hasPointerCapture(event.pointerId)) seek(event)
    })
    new ResizeObserver(() => this.#draw()).observe(element)
  }

  /**
   * @param {PageBoard} board
   * @param {Recording} recording
   */
  open(board, recording) {
    this.#board = board
    this.#recording = recording
    this.#draw()
  }

  /**
   * Shows more of the run, or less.
   * @param {number} factor 2 shows twice as much
   * @param {number} [around] which moment stays where it is
   */
  zoom(factor, around = this.#t) {
    const length = Math.max(2, Math.min((this.#to - this.#from) * factor, this.#end))
    const share = (around - this.#from) / (this.#to - this.#from)
    this.#from = Math.max(0, Math.min(around - Math.max(0, Math.min(1, share)) * length, this.#end - length))
    this.#to = this.#from + length
    this.#draw()
  }

  /** @param {number} by milliseconds */
  #pan(by) {
    const length = this.#to - this.#from
    this.#from = Math.max(0, Math.min(this.#from + by, this.#end - length))
    this.#to = this.#from + length
    this.#draw()
  }

  /** @param {number} t */
  set t(t) {
    this.#t = t
    this.#element.ariaValueNow = String(Math.round(t))
    this.#element.ariaValueText = formatMoment(t)
    const x = this.#x(t)
    setAll(this.#playhead, { x1: x, x2: x, y1: 0, y2: height - 14 })
  }

  /** What the console shows. @param {{ from: number, to: number } | undefined} seen */
  set seen(seen) {
    this.#seen = seen
    if (seen === undefined) return
    const x = this.#x(seen.from)
    setAll(this.#window, {
      x,
      y: lanes.bytes.top,
      width: Math.max(2, this.#x(seen.to) - x),
      height: lanes.bytes.height,
    })
  }

  get #width() {
    return Math.max(200, this.#element.clientWidth)
  }

  /** @param {number} t */
  #x(t) {
    const share = (Math.max(this.#from, Math.min(t, this.#to)) - this.#from) / (this.#to - this.#from)
    return labels + share * (this.#width - labels - 8)
  }

  /** @param {number} from @param {number} [to] */
  #isInSight(from, to = from) {
    return to >= this.#from && from <= this.#to
  }

  #draw() {
    const board = this.#board
    const recording = this.#recording
    if (board === undefined || recording === undefined) return
    const svg = make('svg', { width: this.#width, height, 'aria-hidden': 'true' })
    svg.append(...this.#laneLabels(), this.#window, ...this.#ticks(), ...this.#power(board))
    for (const { from, to, label, kind } of board.states)
      svg.append(this.#band('states', from, to, label, kind))
    for (const { from, to, title, outcome, attempt } of board.tests) {
      if (!this.#isInSight(from, to)) continue
      svg.append(
        this.#band('tests', from, to, attempt > 1 ? `${title} (attempt ${attempt})` : title, outcome),
      )
    }
    svg.append(...this.#stages(board), this.#bytes(recording), ...this.#marks(board), this.#playhead)
    this.#element.replaceChildren(svg)
    this.t = this.#t
    this.seen = this.#seen
  }

  #laneLabels() {
    return Object.entries(lanes).map(([name, { top, height }]) =>
      text('lane', 12, top + height / 2 + 4, name === 'bytes' ? 'bytes/s' : name),
    )
  }

  #ticks() {
    const step = niceStep(this.#to - this.#from, Math.max(2, Math.floor(this.#width / 110)))
    /** @type {SVGElement[]} */
    const ticks = []
    for (let t = Math.ceil(this.#from / step) * step; t <= this.#to; t += step) {
      const x = this.#x(t)
      const tick = line('tick')
      setAll(tick, { x1: x, x2: x, y1: 0, y2: height - 14 })
      ticks.push(tick)
      const label = formatTick(t, step)
      // What would be cut off at the edge says nothing.
      if (x + 2 + widthOf(label) <= this.#width) ticks.push(text('tick-label', x + 2, height - 3, label))
    }
    return ticks
  }

  /** @param {PageBoard} board */
  #power({ power }) {
    const { top, height } = lanes.power
    return power.flatMap(({ t, power: now }, index) => {
      const end = power[index + 1]?.t ?? this.#end
      if (now === 'off' || !this.#isInSight(t, end)) return []
      const x = this.#x(t)
      const band = rectangle(`power ${now}`, x, top, this.#x(end) - x, height)
      band.append(title(`power ${now} from ${formatMoment(t)}`))
      return [band]
    })
  }

  /** @param {PageBoard} board */
  #stages({ stages }) {
    const { top, height } = lanes.stages
    const inSight = stages.filter(({ t }) => this.#isInSight(t))
    return inSight.flatMap(({ t, name }, index) => {
      const x = this.#x(t)
      const next = inSight[index + 1]
      const tick = line('stage')
      setAll(tick, { x1: x, x2: x, y1: top, y2: top + height })
      tick.append(title(`${name} at ${formatMoment(t)}`))
      const end = next === undefined ? this.#width - 8 : this.#x(next.t)
      const label = cutTo(name, end - x - 8)
      return label === undefined ? [tick] : [tick, text('stage', x + 4, top + 12, label)]
    })
  }

  /**
   * @param {'states' | 'tests'} lane
   * @param {number} from
   * @param {number} to
   * @param {string} label
   * @param {string} kind
   */
  #band(lane, from, to, label, kind) {
    const { top, height } = lanes[lane]
    const x = this.#x(from)
    const width = Math.max(1.5, this.#x(to) - x - 1)
    const band = make('g', { class: `band ${lane} ${kind}` })
    band.append(
      rectangle('', x, top, width, height),
      title(`${label}, ${formatMoment(from)} to ${formatMoment(to)}`),
    )
    const words = cutTo(label, width - 8)
    if (words !== undefined) band.append(text('', x + 4, top + 12, words))
    return band
  }

  /** @param {Recording} recording */
  #bytes(recording) {
    const { top, height } = lanes.bytes
    const width = this.#width - labels - 8
    const count = Math.max(1, Math.floor(width / 3))
    const counts = recording.histogram(this.#from, this.#to, count)
    const most = Math.log1p(counts.reduce((most, value) => Math.max(most, value), 0)) || 1
    /** @type {string[]} */
    const bars = []
    counts.forEach((value, index) => {
      if (value === 0) return
      const bar = Math.max(2, (Math.log1p(value) / most) * height)
      bars.push(`M${labels + index * 3} ${top + height}v${-bar}h2v${bar}z`)
    })
    return make('path', { class: 'bytes', d: bars.join('') })
  }

  /** @param {PageBoard} board */
  #marks({ marks }) {
    return marks.flatMap(({ t, level, title: name }) => {
      if (!this.#isInSight(t)) return []
      const x = this.#x(t)
      const mark = make('g', { class: `mark ${level}` })
      mark.append(
        make('path', { d: `M${x - 5} ${lanes.bytes.top - 2}h10l-5 8z` }),
        make('path', { class: 'stem', d: `M${x} ${lanes.bytes.top}v${lanes.bytes.height}` }),
        title(`${name} at ${formatMoment(t)}`),
      )
      return [mark]
    })
  }
}

/**
 * @param {number} end
 * @param {number} count how many at most
 */
function niceStep(end, count) {
  const steps = [
    1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 3e4, 6e4, 12e4, 3e5, 6e5, 12e5, 18e5, 36e5,
  ]
  return steps.find((step) => end / step <= count) ?? Math.ceil(end / count / 36e5) * 36e5
}

/**
 * @param {number} t
 * @param {number} step
 */
function formatTick(t, step) {
  if (step < 1000) return `${(t / 1000).toFixed(step < 10 ? 3 : step < 100 ? 2 : 1)} s`
  return t < 60000 && step < 60000 ? `${t / 1000} s` : formatMoment(t).replace(/\.\d+$/, '')
}

/**
 * @param {string} name
 * @param {Readonly<Record<string, string | number>>} attributes
 */
function make(name, attributes) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name)
  setAll(element, attributes)
  return element
}

/**
 * @param {SVGElement} element
 * @param {Readonly<Record<string, string | number>>} attributes
 */
function setAll(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, typeof value === 'number' ? String(Math.round(value * 10) / 10) : value)
  }
}

/** @param {string} name */
function line(name) {
  return make('line', { class: name })
}

/**
 * @param {string} name
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 */
function rectangle(name, x, y, width, height) {
  return make('rect', { class: name, x, y, width: Math.max(0, width), height })
}

/**
 * @param {string} name
 * @param {number} x
 * @param {number} y
 * @param {string} words
 */
function text(name, x, y, words) {
  const element = make('text', { class: name, x, y })
  element.textContent = words
  return element
}

/** How wide a label is, about, in pixels. @param {string} words */
function widthOf(words) {
  return words.length * letter
}
const letter = 6.2

/**
 * As much of a label as there is room for; undefined where that says nothing.
 * @param {string} words
 * @param {number} width
 */
function cutTo(words, width) {
  if (widthOf(words) <= width) return words
  const room = Math.floor(width / letter)
  return room < 3 ? undefined : `${words.slice(0, room - 1)}…`
}

/** @param {string} words */
function title(words) {
  const element = make('title', {})
  element.textContent = words
  return element
}
