import { Source } from './source.ts'
import {
  ShellSyntaxError,
  type Parameter,
  type ParameterOperator,
  type Script,
  type Word,
  type WordPart,
} from './syntax.ts'

/** Reads what stands inside `$( )`, up to and with the closing bracket. */
export type ParseScript = (source: Source) => Script

/** What ends a word: a blank or an operator outside of quotes, or the end of the text. */
const metaCharacters = new Set([' ', '\t', '\n', ';', '&', '|', '(', ')', '<', '>'])
/** Outside of quotes. */
const plainText = /[^\s\\'"$`;&|()<>]+/y
const doubleQuotedText = /[^\\"$`]+/y
const parameterName = /[A-Za-z_]\w*|\d|[@*#?$!-]/y
const bracedName = /[A-Za-z_]\w*|\d+|[@*#?$!-]/y
const parameterOperator = /:[-=?+]|%%|##|[-=?+%#]/y

/** Reads one word; an empty result means that there is none here. */
export function parseWord(source: Source, parseScript: ParseScript): Word {
  const parts: WordPart[] = []
  while (!source.done && !metaCharacters.has(source.peek())) parts.push(...parseUnquoted(source, parseScript))
  return parts
}

function parseUnquoted(source: Source, parseScript: ParseScript): WordPart[] {
  const plain = source.match(plainText)
  if (plain !== undefined) return [{ kind: 'text', text: plain, quoted: false }]
  const char = source.take()
  switch (char) {
    case '\\':
      if (source.accept('\n')) return []
      return [{ kind: 'text', text: source.take(), quoted: true }]
    case "'":
      return [parseSingleQuoted(source)]
    case '"':
      return parseDoubleQuoted(source, parseScript)
    default:
      source.at -= 1
      return [parseDollar(source, false, parseScript)]
  }
}

const unterminated = 'unterminated quoted string'

function parseSingleQuoted(source: Source): WordPart {
  let text = ''
  for (let char = source.take(unterminated); char !== "'"; char = source.take(unterminated)) text += char
  return { kind: 'text', text, quoted: true }
}

function parseDoubleQuoted(source: Source, parseScript: ParseScript): WordPart[] {
  const parts: WordPart[] = []
  for (;;) {
    const text = source.match(doubleQuotedText)
    if (text !== undefined) parts.push({ kind: 'text', text, quoted: true })
    const char = source.take(unterminated)
    // The empty text keeps `""` a word.
    if (char === '"') return parts.length === 0 ? [{ kind: 'text', text: '', quoted: true }] : parts
    source.at -= 1
    const part = char === '\\' ? parseQuotedBackslash(source) : parseDollar(source, true, parseScript)
    if (part !== undefined) parts.push(part)
  }
}

/** Inside double quotes and here-documents a backslash is special before a few characters only. */
function parseQuotedBackslash(source: Source, special = '$`"\\'): WordPart | undefined {
  source.take()
  if (source.accept('\n')) return undefined
  const next = source.peek()
  if (next !== '' && special.includes(next)) return { kind: 'text', text: source.take(), quoted: true }
  return { kind: 'text', text: '\\', quoted: true }
}

/** The text of a here-document whose delimiter was not quoted. */
export function parseHereDocument(source: Source, parseScript: ParseScript): Word {
  const parts: WordPart[] = []
  while (!source.done) {
    const text = source.match(/[^\\$`]+/y)
    if (text !== undefined) parts.push({ kind: 'text', text, quoted: true })
    else {
      const part =
        source.peek() === '\\' ? parseQuotedBackslash(source, '$`\\') : parseDollar(source, true, parseScript)
      if (part !== undefined) parts.push(part)
    }
  }
  return parts
}

/** At a `$` or a backquote. */
function parseDollar(source: Source, quoted: boolean, parseScript: ParseScript): WordPart {
  if (source.peek() === '`')
    return { kind: 'command', script: parseBackquoted(source, quoted, parseScript), quoted }
  source.take()
  if (source.accept('((')) {
    const start = source.at
    const expression = parseArithmetic(source, parseScript)
    if (expression !== undefined) return { kind: 'arithmetic', expression, quoted }
    // `$((a); b)` is a subshell in a command substitution.
    source.at = start - 1
    return { kind: 'command', script: parseScript(source), quoted }
  }
  if (source.accept('(')) return { kind: 'command', script: parseScript(source), quoted }
  if (source.accept('{'))
    return { kind: 'parameter', parameter: parseBraced(source, quoted, parseScript), quoted }
  const name = source.match(parameterName)
  if (name !== undefined) return { kind: 'parameter', parameter: { name, modifier: undefined }, quoted }
  return { kind: 'text', text: '$', quoted: true }
}

function parseBackquoted(source: Source, quoted: boolean, parseScript: ParseScript): Script {
  source.take()
  let inner = ''
  for (let char = source.take(); char !== '`'; char = source.take()) {
    if (char !== '\\') inner += char
    else {
      const next = source.take()
      inner += '$`\\'.includes(next) || (quoted && next === '"') ? next : `\\${next}`
    }
  }
  return parseScript(new Source(`${inner}\n)`))
}

/** Up to and with `))`; `undefined` when it is no arithmetic after all. */
function parseArithmetic(source: Source, parseScript: ParseScript): Word | undefined {
  const parts: WordPart[] = []
  let depth = 0
  for (;;) {
    const char = source.take()
    if (char === '(') depth += 1
    else if (char === ')') {
      if (depth === 0) return source.accept(')') ? parts : undefined
      depth -= 1
    } else if (char === '$' || char === '`') {
      source.at -= 1
      parts.push(parseDollar(source, true, parseScript))
      continue
    } else if (char === '"') continue
    parts.push({ kind: 'text', text: char, quoted: true })
  }
}

function parseBraced(source: Source, quoted: boolean, parseScript: ParseScript): Parameter {
  if (source.peek() === '#' && source.peek(1) !== '}' && !/[-=?+%#:]/.test(source.peek(1))) {
    source.take()
    const name = source.match(bracedName)
    if (name === undefined || !source.accept('}')) throw badSubstitution(source)
    return { name, modifier: { operator: 'length' } }
  }
  const name = source.match(bracedName)
  if (name === undefined) throw badSubstitution(source)
  if (source.accept('}')) return { name, modifier: undefined }
  const operator = source.match(parameterOperator) as ParameterOperator | undefined
  if (operator === undefined) throw badSubstitution(source)
  const pattern = operator.startsWith('%') || operator.startsWith('#')
  return { name, modifier: { operator, word: parseBracedWord(source, quoted && !pattern, parseScript) } }
}

/** Up to and with the closing brace. */
function parseBracedWord(source: Source, quoted: boolean, parseScript: ParseScript): Word {
  const parts: WordPart[] = []
  for (;;) {
    const text = source.match(/[^\\'"$`}]+/y)
    if (text !== undefined) parts.push({ kind: 'text', text, quoted })
    const char = source.peek()
    if (char === '}') {
      source.take()
      return parts
    }
    if (char === "'" && !quoted) {
      source.take()
      parts.push(parseSingleQuoted(source))
    } else if (char === "'") parts.push({ kind: 'text', text: source.take(), quoted })
    else if (char === '"') {
      source.take()
      if (quoted) continue
      parts.push(...parseDoubleQuoted(source, parseScript))
    } else if (char === '\\') {
      const part = quoted ? parseQuotedBackslash(source, '$`"\\}') : parseEscaped(source)
      if (part !== undefined) parts.push(part)
    } else parts.push(source.done ? fail(source) : parseDollar(source, quoted, parseScript))
  }
}

function parseEscaped(source: Source): WordPart | undefined {
  source.take()
  if (source.accept('\n')) return undefined
  return { kind: 'text', text: source.take(), quoted: true }
}

function fail(source: Source): never {
  throw source.unexpected()
}

function badSubstitution(source: Source): Error {
  return source.done ? source.unexpected() : new ShellSyntaxError('bad substitution')
}
