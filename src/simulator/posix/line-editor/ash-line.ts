import type { EditedLine } from './line-editor.ts'

/** Columns of a terminal that does not say. */
const terminalWidth = 80
/** Longest line (CONFIG_FEATURE_EDITING_MAX_LEN 1024 less two); more is dropped without a word. */
const longestLine = 1022
const eraseBelow = '\x1b[J'
const askCursor = '\x1b[6n'

/** busybox's line editor. */
export class AshLine implements EditedLine {
  text = ''
  readonly #write: (text: string) => Promise<void> | undefined
  readonly #prompt: string
  #cursor = 0
  /** Where the cursor is on the terminal. */
  #column: number

  constructor(write: (text: string) => Promise<void> | undefined, prompt: string) {
    this.#write = write
    this.#prompt = prompt
    this.#column = this.#promptWidth()
  }

  start(pending: boolean): Promise<void> | undefined {
    return this.#write(pending ? this.#prompt : `${this.#prompt}${askCursor}`)
  }

  key(key: string): Promise<void> | undefined {
    switch (key) {
      case 'left':
        return this.#write(this.#back(1))
      case 'right':
        return this.#write(this.#forward(this.#cursor + 1))
      case 'home':
        return this.#write(this.#back(this.#cursor))
      case 'end':
        return this.#write(this.#forward(this.text.length))
      case '\b':
      case '\x7f':
        return this.#cursor === 0 ? undefined : this.#write(this.#back(1) + this.#delete())
      case 'delete':
        return this.#cursor === this.text.length ? undefined : this.#write(this.#delete())
      case '\x0b':
        this.text = this.text.slice(0, this.#cursor)
        return this.#write(eraseBelow)
      case '\x15':
        this.text = this.text.slice(this.#cursor)
        return this.#write(this.#redraw(this.text.length))
      case '\x17':
        return this.#write(this.#deleteWord())
      case '\x0c':
        return this.#write(`\x1b[H${eraseBelow}${this.#redraw(this.text.length - this.#cursor)}`)
      default:
        return key.length === 1 && key >= ' ' ? this.#write(this.#insert(key)) : undefined
    }
  }

  replace(text: string): Promise<void> | undefined {
    this.text = text
    return this.#write(this.#redraw(0))
  }

  end(how: 'enter' | 'interrupt' | 'end of file'): Promise<void> | undefined {
    const rest = this.#forward(this.text.length)
    // The new line after Ctrl-C is the shell's.
    return this.#write(how === 'interrupt' ? `${rest}^C` : `${rest}\n`)
  }

  #insert(char: string): string {
    if (this.text.length >= longestLine) return ''
    this.text = this.text.slice(0, this.#cursor) + char + this.text.slice(this.#cursor)
    const place = this.#cursor + 1
    const shown = this.#forward(this.text.length)
    return shown + this.#back(this.text.length - place)
  }

  #delete(): string {
    const place = this.#cursor
    this.text = this.text.slice(0, place) + this.text.slice(place + 1)
    return this.#forward(this.text.length) + eraseBelow + this.#back(this.text.length - place)
  }

  #deleteWord(): string {
    const count = /[^ ]* *$/.exec(this.text.slice(0, this.#cursor))?.[0].length ?? 0
    let shown = ''
    for (let left = count; left > 0; left -= 1) shown += this.#back(1) + this.#delete()
    return shown
  }

  /** Prints the line anew, and leaves the cursor so many characters before its end. */
  #redraw(back: number): string {
    this.#cursor = 0
    this.#column = this.#promptWidth()
    return `\r${this.#prompt}${this.#forward(this.text.length)}${eraseBelow}${this.#back(back)}`
  }

  #forward(to: number): string {
    let shown = ''
    for (const end = Math.min(to, this.text.length); this.#cursor < end; this.#cursor += 1) {
      shown += this.text[this.#cursor] ?? ''
      this.#column += 1
      if (this.#column < terminalWidth) continue
      // Forces the next line, also on a terminal that is wider than thought.
      shown += '\r\n'
      this.#column = 0
    }
    return shown
  }

  #back(count: number): string {
    const steps = Math.min(count, this.#cursor)
    this.#cursor -= steps
    this.#column = Math.max(0, this.#column - steps)
    return steps <= 4 ? '\b'.repeat(steps) : `\x1b[${steps}D`
  }

  #promptWidth(): number {
    return this.#prompt.replace(/\x1b\[[0-9;]*m/g, '').length
  }
}
