import { Source } from './source.ts'
import { TokenReader } from './token-reader.ts'
import type { AndOr, CaseItem, Command, ListItem, Pipeline, Redirect, Script, Word } from './syntax.ts'

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

const closing = new Set('then elif else fi do done esac }'.split(' '))
const assignment = /[A-Za-z_]\w*=/y

class Parser {
  readonly #source: Source
  readonly #tokens: TokenReader

  constructor(source: Source) {
    this.#source = source
    this.#tokens = new TokenReader(source, parseNested)
  }

  skipBlankLines(): void {
    while (this.#tokens.skipBlanks() && this.#source.accept('\n'));
  }

  /** One line of commands, and the lines it needs to be complete. */
  line(): Script {
    const items: ListItem[] = []
    for (let separated = true; !this.#tokens.atLineEnd();) {
      if (!separated) throw this.#source.unexpected()
      separated = this.#listItem(items)
    }
    this.#tokens.newline()
    return { items }
  }

  /** Commands up to a closing word or bracket, which is left. */
  #script(): Script {
    const items: ListItem[] = []
    for (let separated = true; ;) {
      if (this.#tokens.atLineEnd()) separated = true
      this.#tokens.skipNewlines()
      if (this.#atEndOfScript()) return { items }
      if (!separated) throw this.#source.unexpected()
      separated = this.#listItem(items)
    }
  }

  /** @returns whether a separator stands behind it, so that another may follow */
  #listItem(items: ListItem[]): boolean {
    const command = this.#andOr()
    this.#tokens.skipBlanks()
    const background = this.#source.peek() === '&'
    const separated = background || (this.#source.peek() === ';' && this.#source.peek(1) !== ';')
    if (separated) this.#source.take()
    items.push({ command, background })
    return separated
  }

  #atEndOfScript(): boolean {
    const next = this.#source.peek()
    if (next === '' || next === ')' || (next === ';' && this.#source.peek(1) === ';')) return true
    return closing.has(this.#tokens.peekReserved() ?? '')
  }

  #andOr(): AndOr {
    const first = this.#pipeline()
    const rest: { operator: '&&' | '||'; pipeline: Pipeline }[] = []
    for (;;) {
      this.#tokens.skipBlanks()
      const operator = this.#source.accept('&&') ? '&&' : this.#source.accept('||') ? '||' : undefined
      if (operator === undefined) return { first, rest }
      this.#tokens.skipNewlines()
      rest.push({ operator, pipeline: this.#pipeline() })
    }
  }

  #pipeline(): Pipeline {
    let negated = false
    this.#tokens.skipBlanks()
    while (this.#tokens.acceptReserved('!')) negated = !negated
    const commands = [this.#command()]
    for (;;) {
      this.#tokens.skipBlanks()
      if (this.#source.peek() !== '|' || this.#source.peek(1) === '|') return { negated, commands }
      this.#source.take()
      this.#tokens.skipNewlines()
      commands.push(this.#command())
    }
  }

  #command(): Command {
    this.#tokens.skipBlanks()
    if (this.#source.accept('(')) {
      const body = this.#script()
      if (!this.#source.accept(')')) throw this.#source.unexpected()
      return this.#withRedirects({ kind: 'subshell', body })
    }
    switch (this.#tokens.peekReserved()) {
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
    this.#tokens.expect('{')
    const body = this.#body('}')
    this.#tokens.expect('}')
    return this.#withRedirects({ kind: 'group', body })
  }

  #if(): Command {
    this.#tokens.expect('if')
    const branches = [this.#branch()]
    while (this.#tokens.acceptReserved('elif')) branches.push(this.#branch())
    const otherwise = this.#tokens.acceptReserved('else') ? this.#body('fi') : undefined
    this.#tokens.expect('fi')
    return this.#withRedirects({ kind: 'if', branches, otherwise })
  }

  #branch(): { condition: Script; body: Script } {
    const condition = this.#body('then')
    this.#tokens.expect('then')
    return { condition, body: this.#body('fi') }
  }

  #loop(): Command {
    const until = !this.#tokens.acceptReserved('while')
    if (until) this.#tokens.expect('until')
    const condition = this.#body('do')
    return this.#withRedirects({ kind: 'loop', until, condition, body: this.#doGroup() })
  }

  #for(): Command {
    this.#tokens.expect('for')
    this.#tokens.skipBlanks()
    const name = this.#source.match(/[A-Za-z_]\w*/y)
    if (name === undefined) throw this.#source.unexpected()
    this.#tokens.skipNewlines()
    let words: Word[] | undefined
    if (this.#tokens.acceptReserved('in')) {
      words = this.#tokens.words()
      this.#tokens.skipBlanks()
      if (!this.#source.accept(';') && this.#source.peek() !== '\n') throw this.#source.unexpected()
    } else {
      this.#tokens.skipBlanks()
      this.#source.accept(';')
    }
    return this.#withRedirects({ kind: 'for', name, words, body: this.#doGroup() })
  }

  #case(): Command {
    this.#tokens.expect('case')
    this.#tokens.skipBlanks()
    const subject = this.#tokens.word()
    this.#tokens.skipNewlines()
    this.#tokens.expect('in')
    const items: CaseItem[] = []
    for (this.#tokens.skipNewlines(); !this.#tokens.acceptReserved('esac'); this.#tokens.skipNewlines())
      items.push(this.#caseItem())
    return this.#withRedirects({ kind: 'case', subject, items })
  }

  #caseItem(): CaseItem {
    this.#source.accept('(')
    const patterns: Word[] = []
    do {
      this.#tokens.skipBlanks()
      patterns.push(this.#tokens.word())
      this.#tokens.skipBlanks()
    } while (this.#source.accept('|'))
    if (!this.#source.accept(')')) throw this.#source.unexpected()
    const body = this.#script()
    if (!this.#source.accept(';;') && this.#tokens.peekReserved() !== 'esac') throw this.#source.unexpected()
    return { patterns, body }
  }

  #doGroup(): Script {
    this.#tokens.skipNewlines()
    this.#tokens.expect('do')
    const body = this.#body('done')
    this.#tokens.expect('done')
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
    this.#tokens.skipBlanks()
    if (name === undefined || !this.#source.accept('(')) {
      this.#source.at = start
      return undefined
    }
    this.#tokens.skipBlanks()
    if (!this.#source.accept(')')) throw this.#source.unexpected()
    this.#tokens.skipNewlines()
    return { kind: 'function', name, body: this.#command(), redirects: [] }
  }

  #simple(): Command {
    const assignments: { name: string; value: Word }[] = []
    const words: Word[] = []
    const redirects: Redirect[] = []
    for (;;) {
      this.#tokens.skipBlanks()
      const redirect = this.#tokens.redirect()
      if (redirect !== undefined) {
        redirects.push(redirect)
        continue
      }
      const name = words.length === 0 ? this.#source.match(assignment) : undefined
      if (name !== undefined) {
        assignments.push({ name: name.slice(0, -1), value: this.#tokens.optionalWord() })
        continue
      }
      const word = this.#tokens.optionalWord()
      if (word.length === 0) break
      words.push(word)
    }
    if (assignments.length + words.length + redirects.length === 0) throw this.#source.unexpected()
    return { kind: 'simple', assignments, words, redirects }
  }

  #withRedirects<C extends object>(command: C): C & { redirects: Redirect[] } {
    return { ...command, redirects: this.#tokens.redirects() }
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
