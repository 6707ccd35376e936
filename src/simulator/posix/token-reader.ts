import { parseHereDocument, parseWord, type ParseScript } from './parse-word.ts'
import { Source } from './source.ts'
import { IncompleteInput, type Redirect, type Word } from './syntax.ts'

const reserved = new Set('if then elif else fi for while until do done case esac in { } !'.split(' '))
const redirection = /(\d*)(<<-|<<|<&|<>|>>|>&|>\||<|>)/y

interface PendingHereDocument {
  readonly redirect: { target: Word }
  readonly delimiter: string
  readonly stripTabs: boolean
  readonly expand: boolean
}

/** Takes words, reserved words, redirections and line ends from a script (POSIX.1-2024, XCU 2.2 to 2.4). */
export class TokenReader {
  readonly #source: Source
  readonly #parseScript: ParseScript
  #pending: PendingHereDocument[] = []

  /** @param parseScript for the command substitutions in words */
  constructor(source: Source, parseScript: ParseScript) {
    this.#source = source
    this.#parseScript = parseScript
  }

  atLineEnd(): boolean {
    this.skipBlanks()
    return this.#source.done || this.#source.peek() === '\n'
  }

  skipNewlines(): void {
    while (this.skipBlanks() && this.newline());
  }

  /** A line end; the here-documents that were announced on the line come right after it. */
  newline(): boolean {
    if (!this.#source.accept('\n')) return false
    if (this.#pending.length > 0) this.#readHereDocuments()
    return true
  }

  skipBlanks(): true {
    this.#source.match(/(?:[ \t]|\\\n)+/y)
    if (this.#source.peek() === '#' && !/[^\s;&|()<>]/.test(this.#source.text[this.#source.at - 1] ?? '')) {
      this.#source.match(/#[^\n]*/y)
    }
    return true
  }

  peekReserved(): string | undefined {
    this.skipBlanks()
    const word = /[^\s;&|()<>'"\\$`]+(?=[\s;&|()<>]|$)/y
    word.lastIndex = this.#source.at
    const found = word.exec(this.#source.text)?.[0]
    return found !== undefined && reserved.has(found) ? found : undefined
  }

  acceptReserved(word: string): boolean {
    if (this.peekReserved() !== word) return false
    this.#source.at += word.length
    return true
  }

  expect(word: string): void {
    if (!this.acceptReserved(word)) throw this.#source.unexpected(word)
  }

  words(): Word[] {
    const words: Word[] = []
    for (;;) {
      this.skipBlanks()
      const word = this.optionalWord()
      if (word.length === 0) return words
      words.push(word)
    }
  }

  word(): Word {
    const word = this.optionalWord()
    if (word.length === 0) throw this.#source.unexpected()
    return word
  }

  /** Empty where none begins. */
  optionalWord(): Word {
    return parseWord(this.#source, this.#parseScript)
  }

  redirects(): Redirect[] {
    const redirects: Redirect[] = []
    for (;;) {
      this.skipBlanks()
      const redirect = this.redirect()
      if (redirect === undefined) return redirects
      redirects.push(redirect)
    }
  }

  redirect(): Redirect | undefined {
    redirection.lastIndex = this.#source.at
    const found = redirection.exec(this.#source.text)
    if (found === null) return undefined
    this.#source.at += found[0].length
    const operator = found[2] ?? '>'
    const fd = found[1] === '' ? (operator.startsWith('<') ? 0 : 1) : Number(found[1])
    this.skipBlanks()
    if (operator !== '<<' && operator !== '<<-') {
      return { fd, operator: operator as Redirect['operator'], target: this.word() }
    }
    const delimiter = this.word()
    const redirect = { fd, operator: 'here' as const, target: [] as Word }
    this.#pending.push({
      redirect,
      delimiter: delimiter.map((part) => (part.kind === 'text' ? part.text : '')).join(''),
      stripTabs: operator === '<<-',
      expand: !delimiter.some((part) => part.kind === 'text' && part.quoted),
    })
    return redirect
  }

  #readHereDocuments(): void {
    const pending = this.#pending
    this.#pending = []
    for (const { redirect, delimiter, stripTabs, expand } of pending) {
      let text = ''
      for (;;) {
        if (this.#source.done) throw new IncompleteInput('unexpected end of file')
        const raw = this.#source.match(/[^\n]*/y) ?? ''
        this.#source.accept('\n')
        const line = stripTabs ? raw.replace(/^\t+/, '') : raw
        if (line === delimiter) break
        text += `${line}\n`
      }
      redirect.target = expand
        ? parseHereDocument(new Source(text), this.#parseScript)
        : [{ kind: 'text', text, quoted: true }]
    }
  }
}
