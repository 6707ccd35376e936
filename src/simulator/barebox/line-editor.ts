import type { BareboxConsole } from './console.ts'

/** Characters a line holds (CONFIG_CBSIZE 1024): each further one is answered with a bell and dropped. */
export const longestLine = 1022

const historyLength = 32
const escapeTimeoutMs = 50

/** Reads lines at barebox's prompt, with the keys its `readline` knows. */
export class BareboxLineEditor {
  readonly #console: BareboxConsole
  #history: string[] = []

  constructor(console: BareboxConsole) {
    this.#console = console
  }

  /** @returns the line, or `undefined` after Ctrl-C */
  async readLine(prompt: string): Promise<string | undefined> {
    await this.#console.print(prompt)
    const line = new EditedLine((text) => this.#console.print(text), prompt)
    let past = this.#history.length
    for (;;) {
      const key = await this.#readKey()
      if (key === '\r' || key === '\n') {
        await this.#console.print('\n')
        if (line.text !== '' && line.text !== this.#history.at(-1)) {
          this.#history = [...this.#history, line.text].slice(-historyLength)
        }
        return line.text
      }
      if (key === '\x03') return undefined
      if (key !== 'up' && key !== 'down') await line.key(key)
      else {
        past = await this.#recall(line, past, key)
      }
    }
  }

  async #recall(line: EditedLine, past: number, key: 'up' | 'down'): Promise<number> {
    const { length } = this.#history
    const next = past + (key === 'up' ? -1 : 1)
    if (next < 0 || (key === 'down' && past === length)) await this.#console.print('\x07')
    const shown = Math.max(0, Math.min(length, next))
    await line.replace(this.#history[shown] ?? '')
    return shown
  }

  /** A character, or the name of a key that sends an escape sequence. */
  async #readKey(): Promise<string> {
    const byte = await this.#console.readByte()
    if (byte === undefined) return ''
    if (byte !== 0x1b) return String.fromCharCode(byte)
    let sequence = ''
    do {
      const next = await this.#console.readByte(escapeTimeoutMs)
      if (next === undefined) return ''
      sequence += String.fromCharCode(next)
    } while (sequence.length < 2 || (/^.\d/.test(sequence) && !sequence.endsWith('~') && sequence.length < 4))
    return keys[sequence] ?? ''
  }
}

const keys: Readonly<Record<string, string>> = {
  OA: 'up',
  '[A': 'up',
  OB: 'down',
  '[B': 'down',
  OC: 'right',
  '[C': 'right',
  OD: 'left',
  '[D': 'left',
  OH: 'home',
  '[H': 'home',
  '[1~': 'home',
  OF: 'end',
  '[F': 'end',
  '[4~': 'end',
  '[3~': 'delete',
}

/** The line being edited, and what the terminal has to be sent for each key. */
class EditedLine {
  text = ''
  readonly #print: (text: string) => Promise<void> | undefined
  readonly #prompt: string
  #cursor = 0

  constructor(print: (text: string) => Promise<void> | undefined, prompt: string) {
    this.#print = print
    this.#prompt = prompt
  }

  async key(key: string): Promise<void> {
    switch (key) {
      case 'left':
        if (this.#cursor > 0) await this.#moveTo(this.#cursor - 1)
        return
      case 'right':
        if (this.#cursor < this.text.length) await this.#moveTo(this.#cursor + 1)
        return
      case 'home':
      case '\x01':
        return this.#moveTo(0)
      case 'end':
      case '\x05':
        return this.#moveTo(this.text.length)
      case '\b':
      case '\x7f':
        return this.#backspace()
      case 'delete':
      case '\x04':
        if (this.#cursor < this.text.length) await this.#cut(this.#cursor, this.#cursor + 1)
        return
      case '\x0b':
        return this.#cut(this.#cursor, this.text.length)
      case '\x15':
        return this.#killToStart()
      case '\x17':
        return this.#killWord()
      case '\x18':
        await this.#moveTo(0)
        return this.#cut(0, this.text.length)
      case '\x0c':
        await this.#print(
          `\x1b[2J\x1b[;H${this.#prompt}${this.text}${'\b'.repeat(this.text.length - this.#cursor)}`,
        )
        return
      default:
        if (key.length === 1 && key >= ' ' && key <= '~') await this.#insert(key)
    }
  }

  async replace(text: string): Promise<void> {
    await this.#moveTo(0)
    await this.#cut(0, this.text.length)
    this.text = text
    await this.#moveTo(text.length)
  }

  async #insert(char: string): Promise<void> {
    if (this.text.length >= longestLine) {
      await this.#print('\x07')
      return
    }
    const rest = this.text.slice(this.#cursor)
    this.text = this.text.slice(0, this.#cursor) + char + rest
    this.#cursor += 1
    await this.#print(char + rest + '\b'.repeat(rest.length))
  }

  async #backspace(): Promise<void> {
    if (this.#cursor === 0) return
    await this.#moveTo(this.#cursor - 1)
    await this.#cut(this.#cursor, this.#cursor + 1)
  }

  async #killWord(): Promise<void> {
    const before = this.text.slice(0, this.#cursor)
    const count = /[^ ]* *$/.exec(before)?.[0].length ?? 0
    for (let left = count; left > 0; left -= 1) await this.#backspace()
  }

  async #killToStart(): Promise<void> {
    const rest = this.text.slice(this.#cursor)
    await this.#moveTo(0)
    await this.#cut(0, this.text.length)
    this.text = rest
    await this.#moveTo(rest.length)
    await this.#moveTo(0)
  }

  async #moveTo(place: number): Promise<void> {
    const text =
      place < this.#cursor ? '\b'.repeat(this.#cursor - place) : this.text.slice(this.#cursor, place)
    this.#cursor = place
    await this.#print(text)
  }

  /** Removes what stands from the cursor to `end`. */
  async #cut(start: number, end: number): Promise<void> {
    const rest = this.text.slice(end)
    this.text = this.text.slice(0, start) + rest
    await this.#print(rest + ' '.repeat(end - start) + '\b'.repeat(rest.length + end - start))
  }
}
