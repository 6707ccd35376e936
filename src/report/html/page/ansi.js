/**
 * What a terminal would show of one line: colours, carriage return, backspace, tab, and what moves or erases
 * within the line. All other control sequences are passed over: nothing that a board says can do anything.
 *
 * @typedef {object} Style
 * @property {string} classes names of CSS classes, with spaces between them
 * @property {string | undefined} color a CSS colour outside of the 16 of a terminal
 * @property {string | undefined} background
 *
 * @typedef {object} Run some characters of one style
 * @property {number} from
 * @property {number} to
 * @property {Style} style
 *
 * @typedef {object} ShownLine
 * @property {string} text
 * @property {readonly Run[]} runs they cover the text without gaps
 */

/** All that is not plain text: C0, DEL, C1, line separators and marks that turn the writing direction. */
const special = /[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/

/** One token; no part can match in two ways, so time is linear. As in rendered-text.ts, which makes console.log. */
const tokens =
  /(?:\x1b\[|\x9b)([0-?]{0,64})[ -/]{0,8}([@-~])|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]{0,4096}(?:\x07|\x1b\\|\x9c)|\x1b[ -/]{0,8}[0-~]|([\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069])|([^\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+)/g

const maximumColumn = 4096

/** @type {Style} */
export const plain = Object.freeze({ classes: '', color: undefined, background: undefined })

/**
 * @param {string} raw without line feeds
 * @param {Style} [start] the style in which the line begins
 * @returns {ShownLine}
 */
export function showLine(raw, start = plain) {
  if (!special.test(raw)) return { text: raw, runs: runsOf(raw.length, () => start) }
  const line = new Line(start)
  for (const [, parameters = '', final, control, text] of raw.matchAll(tokens)) {
    if (text !== undefined) line.write(text)
    else if (control !== undefined) line.control(control)
    else if (final !== undefined) line.sequence(final, parameters)
  }
  return {
    text: line.characters.join(''),
    runs: runsOf(line.characters.length, (at) => line.styles[at] ?? plain),
  }
}

/** One line of a screen with a cursor; a cell is a UTF-16 unit. */
class Line {
  /** @type {string[]} */
  characters = []
  /** @type {Style[]} */
  styles = []
  #column = 0
  #style

  /** @param {Style} style */
  constructor(style) {
    this.#style = style
  }

  /** @param {string} text */
  write(text) {
    while (this.characters.length < this.#column) this.#put(this.characters.length, ' ', plain)
    for (let index = 0; index < text.length; index++)
      this.#put(this.#column++, text.charAt(index), this.#style)
  }

  /** @param {string} character */
  control(character) {
    if (character === '\r') this.#moveTo(0)
    else if (character === '\b') this.#moveTo(this.#column - 1)
    else if (character === '\t') this.#moveTo((Math.floor(this.#column / 8) + 1) * 8)
  }

  /**
   * @param {string} final
   * @param {string} parameters
   */
  sequence(final, parameters) {
    const number = Number.parseInt(parameters, 10) || 0
    if (final === 'm') this.#style = styleAfter(this.#style, parameters)
    else if (final === 'C') this.#moveTo(this.#column + (number || 1))
    else if (final === 'D') this.#moveTo(this.#column - (number || 1))
    else if (final === 'G') this.#moveTo((number || 1) - 1)
    else if (final === 'K' || final === 'J') this.#erase(number)
  }

  /**
   * @param {number} at
   * @param {string} character
   * @param {Style} style
   */
  #put(at, character, style) {
    this.characters[at] = character
    this.styles[at] = style
  }

  /**
   * ED and EL: 0 to the end, 1 from the start, 2 all.
   * @param {number} what
   */
  #erase(what) {
    if (what === 1) {
      for (let at = 0; at <= this.#column; at++) this.#put(at, ' ', plain)
      return
    }
    const length = what === 0 ? Math.min(this.#column, this.characters.length) : 0
    this.characters.length = length
    this.styles.length = length
  }

  /** @param {number} column */
  #moveTo(column) {
    this.#column = Math.max(0, Math.min(column, maximumColumn))
  }
}

/**
 * @param {number} length
 * @param {(at: number) => Style} styleAt
 * @returns {Run[]}
 */
function runsOf(length, styleAt) {
  /** @type {Run[]} */
  const runs = []
  for (let at = 0; at < length;) {
    const style = styleAt(at)
    let to = at + 1
    // A line of one style is asked once.
    if (styleAt.length === 0) to = length
    else while (to < length && styleAt(to) === style) to++
    runs.push({ from: at, to, style })
    at = to
  }
  return runs
}

/** @type {Map<string, Style>} */
const styles = new Map()

/**
 * The style after a SGR sequence (ECMA-48, 8.3.117; colours beyond 16 as xterm has them).
 *
 * @param {Style} before
 * @param {string} parameters `1;31`; empty is 0
 * @returns {Style} the same object for the same style
 */
export function styleAfter(before, parameters) {
  const attributes = new Set(before.classes.split(' ').filter((name) => name !== ''))
  let { color, background } = before
  /** @param {RegExp} pattern */
  const drop = (pattern) => {
    for (const name of attributes) if (pattern.test(name)) attributes.delete(name)
  }
  const codes = parameters.split(/[;:]/).map((code) => Number.parseInt(code, 10) || 0)
  for (let index = 0; index < codes.length; index++) {
    const code = codes[index] ?? 0
    if (code === 0) {
      attributes.clear()
      color = background = undefined
    } else if (code === 38 || code === 48) {
      const [named, direct, used] = extendedColor(codes, index)
      index += used
      drop(code === 38 ? /^f\d/ : /^b\d/)
      if (code === 38) color = direct
      else background = direct
      if (named !== undefined) attributes.add(`${code === 38 ? 'f' : 'b'}${named}`)
    } else if (code === 39 || (code >= 30 && code <= 37) || (code >= 90 && code <= 97)) {
      drop(/^f\d/)
      color = undefined
      if (code !== 39) attributes.add(`f${code < 90 ? code - 30 : code - 82}`)
    } else if (code === 49 || (code >= 40 && code <= 47) || (code >= 100 && code <= 107)) {
      drop(/^b\d/)
      background = undefined
      if (code !== 49) attributes.add(`b${code < 100 ? code - 40 : code - 92}`)
    } else if (code === 22) drop(/^(bold|faint)$/)
    else if (code > 22 && code < 30) drop(new RegExp(`^${attributeNames[code - 20] ?? 'none'}$`))
    else if (attributeNames[code] !== undefined) attributes.add(attributeNames[code] ?? '')
  }
  return interned({ classes: [...attributes].sort().join(' '), color, background })
}

/** @type {Readonly<Record<number, string>>} */
const attributeNames = {
  1: 'bold',
  2: 'faint',
  3: 'italic',
  4: 'underlined',
  7: 'inverse',
  8: 'hidden',
  9: 'struck',
}

/**
 * @param {readonly number[]} codes
 * @param {number} index of the 38 or 48
 * @returns {[named: number | undefined, direct: string | undefined, used: number]}
 */
function extendedColor(codes, index) {
  const [kind, first = 0, second = 0, third = 0] = codes
    .slice(index + 1, index + 5)
    .map((code) => Math.min(code, 255))
  if (kind === 2) return [undefined, `rgb(${first} ${second} ${third})`, 4]
  if (kind !== 5) return [undefined, undefined, 0]
  if (first < 16) return [first, undefined, 2]
  if (first >= 232) {
    const grey = 8 + (first - 232) * 10
    return [undefined, `rgb(${grey} ${grey} ${grey})`, 2]
  }
  const level = [0, 95, 135, 175, 215, 255]
  const cube = first - 16
  const parts = [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map((part) => level[part])
  return [undefined, `rgb(${parts.join(' ')})`, 2]
}

/**
 * @param {Style} style
 * @returns {Style}
 */
function interned(style) {
  const key = `${style.classes}/${style.color}/${style.background}`
  const known = styles.get(key) ?? (key === '/undefined/undefined' ? plain : Object.freeze(style))
  if (styles.size < 4096) styles.set(key, known)
  return known
}
