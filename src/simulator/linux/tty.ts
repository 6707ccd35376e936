import type { SignalTarget } from '../posix/signals.ts'
import type { Stream } from '../posix/streams.ts'

export interface TtyModes {
  /** Lines, with editing by the kernel; otherwise every byte at once. */
  canonical: boolean
  echo: boolean
  /** Ctrl-C and its like are signals. */
  signals: boolean
  /** Carriage return comes in as line end. */
  mapReturn: boolean
  /** Line end goes out as carriage return and line end. */
  mapNewline: boolean
}

export const saneModes: Readonly<TtyModes> = {
  canonical: true,
  echo: true,
  signals: true,
  mapReturn: true,
  mapNewline: true,
}

/** Linux's limit of a canonical line, its end not counted (N_TTY_BUF_SIZE - 1). */
const longestLine = 4095

/** The terminal in the kernel: it echoes and edits whether or not a program reads. */
export class Tty {
  modes: TtyModes = { ...saneModes }
  /** Where Ctrl-C goes; nowhere when no session controls the terminal. */
  onInterrupt: (() => void) | undefined
  readonly #send: (text: string) => Promise<void> | undefined
  /** Complete lines, or in raw mode whatever came. `''` among lines is an end of file (Ctrl-D). */
  #ready: string[] = []
  #line = ''
  #literalNext = false
  /** Echo of what came in one piece; Ctrl-C in the same piece throws it away. */
  #unsentEcho = ''
  #interjection: (() => unknown) | undefined
  #wake: (() => void) | undefined

  constructor(send: (text: string) => Promise<void> | undefined) {
    this.#send = send
  }

  /** What came over the line. */
  receive(text: string): void {
    for (const char of text) this.#receiveChar(this.modes.mapReturn && char === '\r' ? '\n' : char)
    const echo = this.#unsentEcho
    this.#unsentEcho = ''
    if (echo !== '') void this.write(echo)
    if (this.#ready.length > 0) this.#wakeReader()
  }

  /** Puts something of the kernel's into the middle of what a program writes next. */
  interject(print: () => unknown): void {
    this.#interjection = print
  }

  write(text: string): Promise<void> | undefined {
    return this.#send(this.modes.mapNewline ? text.replaceAll('\n', '\r\n') : text)
  }

  /** Whether something could be read at once. */
  get readable(): boolean {
    return this.#ready.length > 0
  }

  /**
   * The next line in canonical mode, what has come in raw mode; '' for an end of file.
   * @param signals who waits, so that a signal can break it off
   */
  async read(signals: SignalTarget): Promise<string> {
    while (this.#ready.length === 0) {
      await signals.wait<void>((resolve) => {
        this.#wake = () => {
          resolve()
        }
        return () => {
          this.#wake = undefined
        }
      })
    }
    if (!this.modes.canonical) {
      const all = this.#ready.join('')
      this.#ready = []
      return all
    }
    return this.#ready.shift() ?? ''
  }

  /** Changes modes. Leaving canonical mode makes an unfinished line readable. */
  setModes(changed: Partial<TtyModes>): void {
    this.modes = { ...this.modes, ...changed }
    if (!this.modes.canonical && this.#line !== '') {
      this.#ready.push(this.#line)
      this.#line = ''
    }
  }

  /** As a stream of a process. */
  readonly stream: Stream = {
    read: (signals) => this.read(signals),
    readLine: (signals) => this.#readLine(signals),
    write: (text) => this.#writeForProgram(text),
    terminal: true,
  }

  #writeForProgram(text: string): Promise<void> | undefined {
    const interject = this.#interjection
    if (interject === undefined || text === '') return this.write(text)
    this.#interjection = undefined
    const middle = Math.ceil(text.length / 2)
    void this.write(text.slice(0, middle))
    interject()
    return this.write(text.slice(middle))
  }

  async #readLine(signals: SignalTarget): Promise<string> {
    if (this.modes.canonical) return this.read(signals)
    let line = ''
    while (!line.includes('\n')) {
      const piece = await this.read(signals)
      if (piece === '') break
      line += piece
    }
    const end = line.indexOf('\n')
    if (end !== -1 && end + 1 < line.length) {
      this.#ready.unshift(line.slice(end + 1))
      return line.slice(0, end + 1)
    }
    return line
  }

  #receiveChar(char: string): void {
    if (this.#literalNext) {
      this.#literalNext = false
      this.#append(char)
      return
    }
    if (this.modes.signals && (char === '\x03' || char === '\x1c')) {
      this.#interrupt(char)
      return
    }
    if (!this.modes.canonical) {
      this.#echo(char)
      this.#ready.push(char)
      return
    }
    switch (char) {
      case '\n':
        if (this.modes.echo) this.#unsentEcho += '\n'
        this.#ready.push(`${this.#line}\n`)
        this.#line = ''
        return
      case '\x04':
        this.#ready.push(this.#line)
        this.#line = ''
        return
      case '\x7f':
        this.#erase(1)
        return
      case '\x15':
        this.#erase(this.#line.length)
        return
      case '\x17':
        this.#erase(/(?:[^ ]+ *| +)$/.exec(this.#line)?.[0].length ?? 0)
        return
      case '\x16':
        this.#literalNext = true
        return
      default:
        this.#append(char)
    }
  }

  /** What exceeds the limit is lost; only the line end still fits. */
  #append(char: string): void {
    if (this.#line.length < longestLine) this.#line += char
    this.#echo(char)
  }

  #echo(char: string): void {
    if (!this.modes.echo) return
    if (char === '\n' || char === '\t' || char >= ' ') this.#unsentEcho += char === '\x7f' ? '^?' : char
    else this.#unsentEcho += `^${String.fromCharCode(char.charCodeAt(0) + 64)}`
  }

  #erase(count: number): void {
    const erased = this.#line.slice(this.#line.length - count)
    this.#line = this.#line.slice(0, this.#line.length - count)
    if (this.modes.echo) this.#unsentEcho += '\b \b'.repeat(erased.length)
  }

  /** The signal also throws away what was typed and not read. */
  #interrupt(char: string): void {
    this.#ready = []
    this.#line = ''
    this.#unsentEcho = this.modes.echo ? (char === '\x03' ? '^C' : '^\\') : ''
    this.onInterrupt?.()
  }

  #wakeReader(): void {
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
  }
}
