import { mark, reservedWords, type Command, type Followup, type Section, type Step } from './syntax.ts'

export interface ParseOptions {
  /** Positional parameters of a script, `$0` first. */
  readonly parameters: readonly string[]
  /** The second reading of a command whose variables were filled in: no operators, no variables. */
  readonly reparsing: boolean
  /** All the text there is: an interactive shell could ask for more. */
  readonly final: boolean
  /** Expands a pattern against the file system: the words after `in` are expanded when read. */
  readonly glob: (pattern: string) => readonly string[]
}

export type Parsed =
  /** One command line; `next` is where the following one starts. */
  | {
      readonly kind: 'steps'
      readonly steps: readonly Step[]
      readonly next: number
      readonly atEnd: boolean
    }
  /** The text ends inside quotes or a compound command, or in `${`, where Ctrl-C is not heard. */
  | { readonly kind: 'incomplete'; readonly deaf: boolean }
  /**
   * A misplaced reserved word in front of an operator confuses the parser for good: it says so, and
   * then swallows line after line until Ctrl-C.
   */
  | { readonly kind: 'stuck'; readonly message: string }
  | { readonly kind: 'error'; readonly message: string }

/** Reads one command line (which may span several lines of text) that starts at `from`. */
export function parseLine(text: string, from: number, options: ParseOptions): Parsed {
  try {
    return new LineParser(text, from, options).parse()
  } catch (error) {
    if (error instanceof HushSyntaxError) return { kind: error.kind, message: error.message }
    throw error
  }
}

class HushSyntaxError extends Error {
  kind: 'error' | 'stuck' = 'error'
}

const syntaxError = (detail = '') => new HushSyntaxError(`syntax error${detail}`)

/** A compound command that is being read; `outer` is what it stands in. */
interface Context {
  readonly steps: Step[]
  command: Command
  section: Section
  next: readonly Section[]
  readonly outer: Context | undefined
}

class LineParser {
  readonly #text: string
  readonly #options: ParseOptions
  #at: number
  #context: Context
  #word = ''
  /** The word exists although it is empty: it had quotes. */
  #explicit = false
  #quoted = false
  #openSingleQuote = false
  #openBrace = false

  constructor(text: string, from: number, options: ParseOptions) {
    this.#text = text
    this.#at = from
    this.#options = options
    this.#context = newContext(undefined)
  }

  parse(): Parsed {
    const atEnd = !this.#readToLineEnd()
    if (atEnd && !this.#options.final) return { kind: 'incomplete', deaf: this.#openBrace }
    // An open double quote at the end is forgiven.
    if (atEnd && (this.#openSingleQuote || this.#context.outer !== undefined)) throw syntaxError()
    this.#endWord()
    this.#endStep(';')
    return { kind: 'steps', steps: this.#context.steps, next: this.#at, atEnd }
  }

  /** @returns whether the line end was found, and not just the end of the text */
  #readToLineEnd(): boolean {
    for (let char = this.#next(); char !== undefined; char = this.#next()) {
      if (char === ' ' || char === '\t' || char === '\n') {
        if (this.#quoted) {
          this.#word += char
          continue
        }
        this.#endWord()
        if (char !== '\n') continue
        this.#endStep(';')
        if (this.#context.outer === undefined) return true
      } else this.#readSpecial(char)
    }
    return false
  }

  #readSpecial(char: string): void {
    switch (char) {
      case '\\':
        this.#word += `\\${this.#next() ?? ''}`
        return
      case "'":
        this.#readSingleQuoted()
        return
      case '"':
        this.#explicit = true
        this.#quoted = !this.#quoted
        this.#word += '"'
        return
      case '$':
        if (this.#options.reparsing) this.#word += char
        else this.#readDollar()
        return
      case '#':
        if (this.#quoted || this.#word !== '') this.#word += char
        else this.#skipComment()
        return
      case ';':
      case '&':
      case '|':
        if (this.#quoted || this.#options.reparsing) this.#word += char
        else this.#readOperator(char)
        return
      default:
        this.#word += char
    }
  }

  /** Also inside double quotes, where POSIX would take it literally. */
  #readSingleQuoted(): void {
    const end = this.#text.indexOf("'", this.#at)
    this.#explicit = true
    if (end === -1) {
      this.#at = this.#text.length
      this.#openSingleQuote = true
      return
    }
    this.#word += `'${this.#text.slice(this.#at, end)}'`
    this.#at = end + 1
  }

  #readDollar(): void {
    const rest = this.#text.slice(this.#at)
    const name = /^[A-Za-z][\w.]*/.exec(rest)?.[0]
    const first = rest[0] ?? ''
    if (name !== undefined) this.#variable(name, name.length)
    else if (first === '?') this.#variable('$?', 1)
    else if (first === '{') {
      const end = rest.indexOf('}')
      if (end === -1) this.#readOpenBrace()
      else this.#variable(rest.slice(1, end), end + 1)
    } else if (/\d/.test(first)) this.#insert(this.#options.parameters[Number(first)] ?? '')
    else if (first === '#') this.#insert(String(Math.max(0, this.#options.parameters.length - 1)))
    else if (first === '*')
      this.#insert(
        this.#options.parameters
          .slice(1)
          .map((value) => `${value} `)
          .join(''),
      )
    else this.#word += '$'
  }

  #readOpenBrace(): void {
    if (this.#options.final) throw syntaxError()
    this.#openBrace = true
    this.#at = this.#text.length
  }

  #variable(name: string, length: number): void {
    this.#context.command.hasVariables = true
    this.#word += `${mark}${name}${mark}`
    this.#at += length
  }

  #insert(text: string): void {
    this.#word += text
    this.#at += 1
  }

  #skipComment(): void {
    const end = this.#text.indexOf('\n', this.#at)
    this.#at = end === -1 ? this.#text.length : end
  }

  #readOperator(char: ';' | '&' | '|'): void {
    this.#endWordAtOperator()
    if (char === ';') {
      this.#endStep(';')
      return
    }
    // Neither pipes nor background jobs exist.
    if (this.#text[this.#at] !== char) throw syntaxError()
    this.#at += 1
    this.#endStep(char === '&' ? '&&' : '||')
  }

  #endWordAtOperator(): void {
    try {
      this.#endWord()
    } catch (error) {
      if (error instanceof HushSyntaxError && !this.#options.final) error.kind = 'stuck'
      throw error
    }
  }

  #endWord(): void {
    if (this.#word === '' && !this.#explicit) return
    const { command } = this.#context
    if (command.group !== undefined) throw syntaxError()
    const word = this.#word
    this.#word = ''
    this.#explicit = false
    if (command.words.length === 0 && !this.#options.reparsing && this.#reserved(word)) return
    command.words.push(...(this.#context.section === 'in' ? this.#options.glob(word) : [word]))
    // `for NAME` is a step of its own, so that `in` is found at the start of the next one.
    if (this.#context.section === 'for') this.#endStep(';')
  }

  #reserved(word: string): boolean {
    const reserved = Object.hasOwn(reservedWords, word) ? reservedWords[word] : undefined
    if (reserved === undefined) return false
    const { section, next, start, end } = reserved
    if (start === true) {
      if (this.#context.section === 'in' || this.#context.section === 'for') throw syntaxError()
      this.#context = newContext(this.#context)
    } else if (this.#context.section === 'plain' || !this.#context.next.includes(section)) {
      throw syntaxError(`: unexpected token \`${word}'`)
    }
    this.#context.section = section
    this.#context.next = next
    if (end === true) this.#closeGroup()
    return true
  }

  #closeGroup(): void {
    this.#endStep(';')
    const { steps, outer } = this.#context
    if (outer === undefined) throw syntaxError()
    outer.command.group = steps
    this.#context = outer
  }

  #endStep(followup: Followup): void {
    const { steps, command, section } = this.#context
    steps.push({ section, followup, command })
    this.#context.command = newCommand()
  }

  #next(): string | undefined {
    const char = this.#text[this.#at]
    if (char !== undefined) this.#at += 1
    return char
  }
}

function newContext(outer: Context | undefined): Context {
  return { steps: [], command: newCommand(), section: 'plain', next: [], outer }
}

function newCommand(): Command {
  return { words: [], group: undefined, hasVariables: false }
}
