import type { Tty } from '../../linux/tty.ts'
import type { ShellFlavour } from '../shell.ts'
import { Signalled, type SignalTarget } from '../signals.ts'
import { AshLine } from './ash-line.ts'
import { BashLine } from './bash-line.ts'
import { KeyReader } from './key-reader.ts'

/** A line being edited: each key changes it and what the terminal shows. */
export interface EditedLine {
  readonly text: string
  /** Shows the prompt. @param pending something was typed already */
  start(pending: boolean): Promise<void> | undefined
  key(key: string): Promise<void> | undefined
  /** Puts another line in its place, as the history does. */
  replace(text: string): Promise<void> | undefined
  /** Leaves the terminal for what the line does. */
  end(how: 'enter' | 'interrupt' | 'end of file'): Promise<void> | undefined
}

const historyLength = 255

/** How a shell reads a line at its prompt: with an editor of its own in raw mode, or as the kernel gives it. */
export class LineEditor {
  readonly #tty: Tty
  readonly #flavour: ShellFlavour
  readonly #keys: KeyReader
  #history: string[] = []

  constructor(tty: Tty, flavour: ShellFlavour) {
    this.#tty = tty
    this.#flavour = flavour
    this.#keys = new KeyReader(tty)
  }

  /**
   * @returns the line without its end, or `undefined` for Ctrl-D
   * @throws Signalled after Ctrl-C
   */
  async readLine(prompt: string, signals: SignalTarget): Promise<string | undefined> {
    const { echo } = this.#tty.modes
    // dash has no editor, and busybox does without one when the terminal does not echo.
    if (this.#flavour === 'sh' || (this.#flavour === 'ash' && !echo)) return this.#readCooked(prompt, signals)
    // readline leaves Ctrl-C to the kernel, which throws away what was typed before it.
    this.#tty.setModes({ canonical: false, echo: false, signals: this.#flavour === 'bash' })
    try {
      const line = await this.#edit(this.#newLine(prompt, echo), signals)
      if (line !== undefined && line !== '') this.#history = [...this.#history, line].slice(-historyLength)
      return line
    } finally {
      this.#tty.setModes({ canonical: true, echo, signals: true })
    }
  }

  #newLine(prompt: string, echo: boolean): EditedLine {
    const write = (text: string) => this.#tty.write(text)
    return this.#flavour === 'bash' ? new BashLine(write, prompt, { echo }) : new AshLine(write, prompt)
  }

  async #readCooked(prompt: string, signals: SignalTarget): Promise<string | undefined> {
    await this.#tty.write(prompt)
    const line = await this.#tty.read(signals)
    return line === '' ? undefined : line.replace(/\n$/, '')
  }

  async #edit(line: EditedLine, signals: SignalTarget): Promise<string | undefined> {
    await line.start(this.#keys.pending)
    let past = this.#history.length
    for (;;) {
      const key = await this.#nextKey(line, signals)
      switch (key) {
        case '\n':
        case '\r':
          await line.end('enter')
          return line.text
        case '\x03':
          await line.end('interrupt')
          throw new Signalled('INT')
        case '\x04':
          if (line.text === '') {
            await line.end('end of file')
            return undefined
          }
          await line.key('delete')
          break
        case 'up':
        case 'down': {
          const next = past + (key === 'up' ? -1 : 1)
          if (next < 0 || next > this.#history.length) break
          past = next
          await line.replace(this.#history[past] ?? '')
          break
        }
        default:
          await line.key(key)
      }
    }
  }

  async #nextKey(line: EditedLine, signals: SignalTarget): Promise<string> {
    try {
      return await this.#keys.next(signals)
    } catch (error) {
      if (error instanceof Signalled) await line.end('interrupt')
      throw error
    }
  }
}
