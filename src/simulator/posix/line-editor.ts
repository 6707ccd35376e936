import type { Tty } from '../linux/tty.ts'
import type { ShellFlavour } from './shell.ts'
import { Signalled, type SignalTarget } from './signals.ts'

/** The longest line busybox's editor takes (CONFIG_FEATURE_EDITING_MAX_LEN); more is answered with a bell. */
const longestLine = 1023

/** How a shell reads a line at its prompt: with its own editor in raw mode, or as the kernel gives it. */
export class LineEditor {
  readonly #tty: Tty
  readonly #flavour: ShellFlavour
  #typed = ''
  #history: string[] = []

  constructor(tty: Tty, flavour: ShellFlavour) {
    this.#tty = tty
    this.#flavour = flavour
  }

  /** @returns the line without its end, or `undefined` for Ctrl-D */
  async readLine(prompt: string, signals: SignalTarget): Promise<string | undefined> {
    if (this.#flavour === 'sh') return this.#readCooked(prompt, signals)
    const { echo } = this.#tty.modes
    this.#tty.setModes({ canonical: false, echo: false, signals: false })
    try {
      await this.#tty.write(this.#flavour === 'bash' ? `\x1b[?2004h${prompt}` : prompt)
      // busybox asks where the cursor is, unless something was typed already.
      if (this.#flavour === 'ash' && !this.#tty.readable && this.#typed === '')
        await this.#tty.write('\x1b[6n')
      const line = await this.#edit(prompt, signals)
      if (this.#flavour === 'bash') await this.#tty.write('\x1b[?2004l\r')
      if (line !== undefined && line !== '') this.#history = [...this.#history.slice(-254), line]
      return line
    } finally {
      this.#tty.setModes({ canonical: true, echo, signals: true })
    }
  }

  async #readCooked(prompt: string, signals: SignalTarget): Promise<string | undefined> {
    await this.#tty.write(prompt)
    const line = await this.#tty.read(signals)
    return line === '' ? undefined : line.replace(/\n$/, '')
  }

  async #edit(prompt: string, signals: SignalTarget): Promise<string | undefined> {
    let line = ''
    let past = this.#history.length
    for (;;) {
      const key = await this.#readKey(signals)
      switch (key) {
        case '\n':
        case '\r':
          await this.#tty.write('\n')
          return line
        case '\x03':
          await this.#tty.write(this.#flavour === 'bash' ? '^C' : '')
          throw new Signalled('INT')
        case '\x04':
          if (line !== '') break
          if (this.#flavour === 'ash') await this.#tty.write('\n')
          return undefined
        case '\b':
        case '\x7f':
          if (line !== '') await this.#tty.write('\b \b')
          line = line.slice(0, -1)
          break
        case '\x15':
          await this.#tty.write('\b \b'.repeat(line.length))
          line = ''
          break
        case '\x17': {
          const word = /\S* *$/.exec(line)?.[0] ?? ''
          await this.#tty.write('\b \b'.repeat(word.length))
          line = line.slice(0, line.length - word.length)
          break
        }
        case '\x0c':
          await this.#tty.write(`\x1b[H\x1b[J${prompt}${line}`)
          break
        case '\x1b[A':
        case '\x1b[B': {
          past = Math.max(0, Math.min(this.#history.length, past + (key === '\x1b[A' ? -1 : 1)))
          const other = this.#history[past] ?? ''
          await this.#tty.write('\b \b'.repeat(line.length) + other)
          line = other
          break
        }
        default:
          if (key < ' ' || key.length > 1) break
          if (line.length >= longestLine && this.#flavour === 'ash') await this.#tty.write('\x07')
          else {
            line += key
            await this.#tty.write(key)
          }
      }
    }
  }

  /** One key: a character, or a whole escape sequence. */
  async #readKey(signals: SignalTarget): Promise<string> {
    while (this.#typed === '') this.#typed = await this.#tty.read(signals)
    const sequence = /^\x1b\[[0-9;]*[A-Za-z~]/.exec(this.#typed)?.[0]
    const key = sequence ?? this.#typed[0] ?? ''
    this.#typed = this.#typed.slice(key.length)
    return key
  }
}
