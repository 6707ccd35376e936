/**
 * What a terminal would show of some text, as plain text: ECMA-48 control sequences are applied
 * where they move within the line and dropped otherwise.
 */

/** All that is not plain text: C0, DEL, C1, line separators and marks that turn the writing direction. */
const special = /[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/

/**
 * One token: CSI, a control string (OSC, DCS, SOS, PM, APC) that is ended, any other escape, one
 * control character, or a stretch of plain text. No part can match in two ways, so time is linear.
 */
const tokens =
  /(?:\x1b\[|\x9b)([0-?]{0,64})[ -/]{0,8}([@-~])|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]{0,4096}(?:\x07|\x1b\\|\x9c)|\x1b[ -/]{0,8}[0-~]|([\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069])|([^\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+)/g

/** A cursor may not run further to the right than this by itself. */
const maximumColumn = 4096

/**
 * @param raw text without line feeds, as it came from a console
 * @returns one line; more where the cursor was set elsewhere on the screen, as menus do
 */
export function renderConsoleText(raw: string): readonly string[] {
  const end = raw.endsWith('\r') ? raw.replace(/\r{1,64}$/, '') : raw
  return special.test(end) ? applyControls(end) : [end]
}

/** Text for a terminal or a log from anywhere: controls are taken out, line ends stay. */
export function plainText(text: string): string {
  if (!special.test(text)) return text
  return text
    .split('\n')
    .flatMap((line) => renderConsoleText(line))
    .join('\n')
}

function applyControls(raw: string): readonly string[] {
  const finished: string[] = []
  let row = new Row()
  for (const [, parameters, final, control, text] of raw.matchAll(tokens)) {
    if (text !== undefined) row.write(text)
    else if (control !== undefined) row.control(control)
    else if (final === 'H' || final === 'f') {
      if (row.text.trim() !== '') finished.push(row.text)
      row = new Row()
    } else if (final !== undefined) row.sequence(final, Number.parseInt(parameters ?? '', 10) || 0)
  }
  return row.text !== '' || finished.length === 0 ? [...finished, row.text] : finished
}

/** One line of a screen with a cursor. */
class Row {
  #text = ''
  #column = 0

  get text(): string {
    return this.#text
  }

  write(text: string): void {
    if (this.#column === this.#text.length) this.#text += text
    else {
      const before = this.#text.slice(0, this.#column).padEnd(this.#column)
      this.#text = before + text + this.#text.slice(this.#column + text.length)
    }
    this.#column += text.length
  }

  control(character: string): void {
    if (character === '\r') this.#moveTo(0)
    else if (character === '\b') this.#moveTo(this.#column - 1)
    else if (character === '\t') this.#moveTo((Math.floor(this.#column / 8) + 1) * 8)
  }

  sequence(final: string, parameter: number): void {
    if (final === 'C') this.#moveTo(this.#column + (parameter || 1))
    else if (final === 'D') this.#moveTo(this.#column - (parameter || 1))
    else if (final === 'G') this.#moveTo((parameter || 1) - 1)
    else if (final === 'K' || final === 'J') this.#erase(parameter)
  }

  /** ED and EL: 0 to the end, 1 from the start, 2 all. */
  #erase(parameter: number): void {
    if (parameter === 0) this.#text = this.#text.slice(0, this.#column)
    else if (parameter === 1) this.#text = ' '.repeat(this.#column + 1) + this.#text.slice(this.#column + 1)
    else this.#text = ''
  }

  #moveTo(column: number): void {
    this.#column = Math.max(0, Math.min(column, maximumColumn))
  }
}
