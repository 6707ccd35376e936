import { parseHereDocument, parseWord } from './parse-word.ts'
import { Source } from './source.ts'
import {
  IncompleteInput,
  type AndOr,
  type CaseItem,
  type Command,
  type ListItem,
  type Pipeline,
  type Redirect,
  type Script,
  type Word,
} from './syntax.ts'

/**
 * Reads a shell program one line at a time, as a shell does: what stands before a syntax error has
 * run by then.
 */
export class ScriptParser {
  readonly #source: Source

  constructor(text: string) {
    this.#source = new Source(text)
  }

  /**
   * The commands up to the end of the next line, or `undefined` at the end of the text.
   * @throws ShellSyntaxError, IncompleteInput
   */
  next(): Script | undefined {
    const parser = new Parser(this.#source)
    parser.skipBlankLines()
    if (this.#source.done) return undefined
    return parser.line()
  }
}

const reserved = new Set('if then elif else fi for while until do done case esac in { } !'.split(' '))
const closing = new Set('then elif else fi do done esac }'.split(' '))
const redirection = /(\d*)(<<-|<<|<&|<>|>>|>&|>\||<|>)/y
const assignment = /[A-Za-z_]\w*=/y

interface PendingHereDocument {
  readonly redirect: { target: Word }
  readonly delimiter: string
  readonly stripTabs: boolean
  readonly expand: boolean
}

class Parser {
  readonly #source: Source
  #pending: PendingHereDocument[] = []

  constructor(source: Source) {
    this.#source = source
  }

  skipBlankLines(): void {
    while (this.#skipBlanks() && this.#source.accept('\n'));
  }

  /** One line of commands, and the lines it needs to be complete. */
  line(): Script {
    const items: ListItem[] = []
    for (let separated = true; !this.#atLineEnd();) {
      if (!separated) throw this.#source.unexpected()
      separated = this.#listItem(items)
    }
    this.#newline()
    return { items }
  }

  /** Commands up to a closing word or bracket, which is left. */
  #script(): Script {
    const items: ListItem[] = []
    for (let separated = true; ;) {
      if (this.#atLineEnd()) separated = true
      this.#skipNewlines()
      if (this.#atEndOfScript()) return { items }
      if (!separated) throw this.#source.unexpected()
      separated = this.#listItem(items)
    }
  }

  /** @returns whether a separator stands behind it, so that another may follow */
  #listItem(items: ListItem[]): boolean {
    const command = this.#andOr()
    this.#skipBlanks()
    const background = this.#source.peek() === '&'
    const separated = background || (this.#source.peek() === ';' && this.#source.peek(1) !== ';')
    if (separated) this.#source.take()
    items.push({ command, background })
    return separated
  }

  #atLineEnd(): boolean {
    this.#skipBlanks()
    return this.#source.done || this.#source.peek() === '\n'
  }

  #atEndOfScript(): boolean {
    const next = this.#source.peek()
    if (next === '' || next === ')' || (next === ';' && this.#source.peek(1) === ';')) return true
    return closing.has(this.#peekReserved() ?? '')
  }

  #andOr(): AndOr {
    const first = this.#pipeline()
    const rest: { operator: '&&' | '||'; pipeline: Pipeline }[] = []
    for (;;) {
      this.#skipBlanks()
      const operator = this.#source.accept('&&') ? '&&' : this.#source.accept('||') ? '||' : undefined
      if (operator === undefined) return { first, rest }
      this.#skipNewlines()
      rest.push({ operator, pipeline: this.#pipeline() })
    }
  }

  #pipeline(): Pipeline {
    let negated = false
    this.#skipBlanks()
    while (this.#acceptReserved('!')) negated = !negated
    const commands = [this.#command()]
    for (;;) {
      this.#skipBlanks()
      if (this.#source.peek() !== '|' || this.#source.peek(1) === '|') return { negated, commands }
      this.#source.take()
      this.#skipNewlines()
      commands.push(this.#command())
    }
  }

  #command(): Command {
    this.#skipBlanks()
    if (this.#source.accept('(')) {
      const body = this.#script()
      if (!this.#source.accept(')')) throw this.#source.unexpected()
      return this.#withRedirects({ kind: 'subshell', body })
    }
    switch (this.#peekReserved()) {
      case '{':
        return this.#group()
      case 'if':
        return this.#if()
      case 'while':
      case 'until':
        return this.#loop()
      case 'for':
        return this.#for()
      case 'case':
        return this.#case()
      case undefined:
        return this.#function() ?? this.#simple()
      default:
        throw this.#source.unexpected()
    }
  }

  #group(): Command {
    this.#expect('{')
    const body = this.#body('}')
    this.#expect('}')
    return this.#withRedirects({ kind: 'group', body })
  }

  #if(): Command {
    this.#expect('if')
    const branches = [this.#branch()]
    while (this.#acceptReserved('elif')) branches.push(this.#branch())
    const otherwise = this.#acceptReserved('else') ? this.#body('fi') : undefined
    this.#expect('fi')
    return this.#withRedirects({ kind: 'if', branches, otherwise })
  }

  #branch(): { condition: Script; body: Script } {
    const condition = this.#body('then')
    this.#expect('then')
    return { condition, body: this.#body('fi') }
  }

  #loop(): Command {
    const until = !this.#acceptReserved('while')
    if (until) this.#expect('until')
    const condition = this.#body('do')
    return this.#withRedirects({ kind: 'loop', until, condition, body: this.#doGroup() })
  }

  #for(): Command {
    this.#expect('for')
    this.#skipBlanks()
    const name = this.#source.match(/[A-Za-z_]\w*/y)
    if (name === undefined) throw this.#source.unexpected()
    this.#skipNewlines()
    let words: Word[] | undefined
    if (this.#acceptReserved('in')) {
      words = this.#words()
      this.#skipBlanks()
      if (!this.#source.accept(';') && this.#source.peek() !== '\n') throw this.#source.unexpected()
    } else {
      this.#skipBlanks()
      this.#source.accept(';')
    }
    return this.#withRedirects({ kind: 'for', name, words, body: this.#doGroup() })
  }

  #case(): Command {
    this.#expect('case')
    this.#skipBlanks()
    const subject = this.#word()
    this.#skipNewlines()
    this.#expect('in')
    const items: CaseItem[] = []
    for (this.#skipNewlines(); !this.#acceptReserved('esac'); this.#skipNewlines())
      items.push(this.#caseItem())
    return this.#withRedirects({ kind: 'case', subject, items })
  }

  #caseItem(): CaseItem {
    this.#source.accept('(')
    const patterns: Word[] = []
    do {
      this.#skipBlanks()
      patterns.push(this.#word())
      this.#skipBlanks()
    } while (this.#source.accept('|'))
    if (!this.#source.accept(')')) throw this.#source.unexpected()
    const body = this.#script()
    if (!this.#source.accept(';;') && this.#peekReserved() !== 'esac') throw this.#source.unexpected()
    return { patterns, body }
  }

  #doGroup(): Script {
    this.#skipNewlines()
    this.#expect('do')
    const body = this.#body('done')
    this.#expect('done')
    return body
  }

  /** A script that must hold something, up to a word that is left. */
  #body(end: string): Script {
    const script = this.#script()
    if (script.items.length === 0) throw this.#source.unexpected(end)
    return script
  }

  #function(): Command | undefined {
    const start = this.#source.at
    const name = this.#source.match(/[A-Za-z_]\w*/y)
    this.#skipBlanks()
    if (name === undefined || !this.#source.accept('(')) {
      this.#source.at = start
      return undefined
    }
    this.#skipBlanks()
    if (!this.#source.accept(')')) throw this.#source.unexpected()
    this.#skipNewlines()
    return { kind: 'function', name, body: this.#command(), redirects: [] }
  }

  #simple(): Command {
    const assignments: { name: string; value: Word }[] = []
    const words: Word[] = []
    const redirects: Redirect[] = []
    for (;;) {
      this.#skipBlanks()
      const redirect = this.#redirect()
      if (redirect !== undefined) {
        redirects.push(redirect)
        continue
      }
      const name = words.length === 0 ? this.#source.match(assignment) : undefined
      if (name !== undefined) {
        assignments.push({ name: name.slice(0, -1), value: parseWord(this.#source, parseNested) })
        continue
      }
      const word = parseWord(this.#source, parseNested)
      if (word.length === 0) break
      words.push(word)
    }
    if (assignments.length + words.length + redirects.length === 0) throw this.#source.unexpected()
    return { kind: 'simple', assignments, words, redirects }
  }

  #withRedirects<C extends object>(command: C): C & { redirects: Redirect[] } {
    const redirects: Redirect[] = []
    for (;;) {
      this.#skipBlanks()
      const redirect = this.#redirect()
      if (redirect === undefined) return { ...command, redirects }
      redirects.push(redirect)
    }
  }

  #redirect(): Redirect | undefined {
    redirection.lastIndex = this.#source.at
    const found = redirection.exec(this.#source.text)
    if (found === null) return undefined
    this.#source.at += found[0].length
    const operator = found[2] ?? '>'
    const fd = found[1] === '' ? (operator.startsWith('<') ? 0 : 1) : Number(found[1])
    this.#skipBlanks()
    if (operator !== '<<' && operator !== '<<-') {
      return { fd, operator: operator as Redirect['operator'], target: this.#word() }
    }
    const delimiter = this.#word()
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
        ? parseHereDocument(new Source(text), parseNested)
        : [{ kind: 'text', text, quoted: true }]
    }
  }

  #words(): Word[] {
    const words: Word[] = []
    for (;;) {
      this.#skipBlanks()
      const word = parseWord(this.#source, parseNested)
      if (word.length === 0) return words
      words.push(word)
    }
  }

  #word(): Word {
    const word = parseWord(this.#source, parseNested)
    if (word.length === 0) throw this.#source.unexpected()
    return word
  }

  #peekReserved(): string | undefined {
    this.#skipBlanks()
    const word = /[^\s;&|()<>'"\\$`]+(?=[\s;&|()<>]|$)/y
    word.lastIndex = this.#source.at
    const found = word.exec(this.#source.text)?.[0]
    return found !== undefined && reserved.has(found) ? found : undefined
  }

  #acceptReserved(word: string): boolean {
    if (this.#peekReserved() !== word) return false
    this.#source.at += word.length
    return true
  }

  #expect(word: string): void {
    if (!this.#acceptReserved(word)) throw this.#source.unexpected(word)
  }

  #skipNewlines(): void {
    while (this.#skipBlanks() && this.#newline());
  }

  /** A line end; the here-documents that were announced on the line come right after it. */
  #newline(): boolean {
    if (!this.#source.accept('\n')) return false
    if (this.#pending.length > 0) this.#readHereDocuments()
    return true
  }

  #skipBlanks(): true {
    this.#source.match(/(?:[ \t]|\\\n)+/y)
    if (this.#source.peek() === '#' && !/[^\s;&|()<>]/.test(this.#source.text[this.#source.at - 1] ?? '')) {
      this.#source.match(/#[^\n]*/y)
    }
    return true
  }

  /** For command substitution: a script and its closing bracket. */
  substituted(): Script {
    const script = this.#script()
    if (!this.#source.accept(')')) throw this.#source.unexpected()
    return script
  }
}

function parseNested(source: Source): Script {
  return new Parser(source).substituted()
}
