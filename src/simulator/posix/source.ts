import { IncompleteInput, ShellSyntaxError } from './syntax.ts'

/** The text of a script and a place in it, with the small steps every parser needs. */
export class Source {
  readonly text: string
  at: number

  constructor(text: string, at = 0) {
    this.text = text
    this.at = at
  }

  get done(): boolean {
    return this.at >= this.text.length
  }

  peek(offset = 0): string {
    return this.text[this.at + offset] ?? ''
  }

  /** The next character, taken. @throws IncompleteInput at the end */
  take(missing = 'unexpected end of file'): string {
    const char = this.text[this.at]
    if (char === undefined) throw new IncompleteInput(missing)
    this.at += 1
    return char
  }

  /** Takes `text` when it comes next. */
  accept(text: string): boolean {
    if (!this.text.startsWith(text, this.at)) return false
    this.at += text.length
    return true
  }

  /** Takes what a sticky pattern matches here. */
  match(sticky: RegExp): string | undefined {
    sticky.lastIndex = this.at
    const found = sticky.exec(this.text)?.[0]
    if (found !== undefined) this.at += found.length
    return found
  }

  /** @param expecting the word that should stand here */
  unexpected(expecting?: string): ShellSyntaxError {
    if (this.done) {
      const wanted = expecting === undefined ? '' : ` (expecting "${expecting}")`
      return new IncompleteInput(`unexpected end of file${wanted}`)
    }
    const token = /\n|;;|&&|\|\||[;&|()<>]|[^\s;&|()<>]+/y
    token.lastIndex = this.at
    const found = token.exec(this.text)?.[0] ?? this.peek()
    return new ShellSyntaxError(`unexpected ${found === '\n' ? 'newline' : `"${found}"`}`)
  }
}
