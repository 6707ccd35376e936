import { evaluateArithmetic } from './arithmetic.ts'
import { expandPaths } from './expand-paths.ts'
import { parameterValue } from './parameters.ts'
import { escapePattern, hasPattern, patternToRegExp, unescapePattern } from './pattern.ts'
import { ShellJump, type Shell } from './shell.ts'
import { splitFields, type Fragment } from './split-fields.ts'
import { ShellSyntaxError, type Parameter, type Script, type Word, type WordPart } from './syntax.ts'

/** Runs a script and returns what it printed; given by the executor. */
export type Substitute = (shell: Shell, script: Script) => Promise<string>

/** Expands the words of a command: variables, substitutions, splitting, path names, quotes. */
export async function expandWords(
  shell: Shell,
  words: readonly Word[],
  substitute: Substitute,
): Promise<string[]> {
  const result: string[] = []
  for (const word of words) {
    const literal = literalText(word)
    if (literal !== undefined) {
      result.push(literal)
      continue
    }
    const fields = splitFields(
      await expandParts(shell, word, substitute),
      shell.variables.get('IFS') ?? ' \t\n',
    )
    for (const field of fields) {
      const noGlob = shell.options.has('f') || !hasPattern(field)
      result.push(
        ...(noGlob ? [unescapePattern(field)] : expandPaths(shell.system.files, shell.directory, field)),
      )
    }
  }
  return result
}

/** Expands a word that stays one: an assignment, a redirection, the subject of `case`. */
export async function expandOne(shell: Shell, word: Word, substitute: Substitute): Promise<string> {
  return literalText(word) ?? (await expandParts(shell, word, substitute)).map(joinFragment).join('')
}

/** Expands a pattern: what was quoted has lost its special meaning. */
export async function expandPattern(shell: Shell, word: Word, substitute: Substitute): Promise<string> {
  const fragments = await expandParts(shell, word, substitute)
  return fragments
    .map((fragment) =>
      fragment.quoted ? escapePattern(joinFragment(fragment)) : joinFragment(fragment).replace(/\\/g, '\\\\'),
    )
    .join('')
}

/** Most words need no expansion at all. */
function literalText(word: Word): string | undefined {
  const [part] = word
  if (word.length !== 1 || part?.kind !== 'text') return undefined
  if (!part.quoted && /[*?[~\\]/.test(part.text)) return undefined
  return part.text
}

async function expandParts(shell: Shell, word: Word, substitute: Substitute): Promise<Fragment[]> {
  const fragments: Fragment[] = []
  for (const [index, part] of word.entries()) {
    const first = index === 0
    fragments.push(...(await expandPart(shell, part, first, substitute)))
  }
  return fragments
}

async function expandPart(
  shell: Shell,
  part: WordPart,
  first: boolean,
  substitute: Substitute,
): Promise<Fragment[]> {
  switch (part.kind) {
    case 'text':
      return [
        {
          text: first && !part.quoted ? expandTilde(shell, part.text) : part.text,
          quoted: part.quoted,
          split: false,
        },
      ]
    case 'parameter':
      return expandParameter(shell, part.parameter, part.quoted, substitute)
    case 'command': {
      const output = await substitute(shell, part.script)
      return [{ text: output.replace(/\n+$/, ''), quoted: part.quoted, split: !part.quoted }]
    }
    case 'arithmetic': {
      const expression = await expandOne(shell, part.expression, substitute)
      return [{ text: calculate(shell, expression), quoted: part.quoted, split: !part.quoted }]
    }
  }
}

function expandTilde(shell: Shell, text: string): string {
  if (!/^~(?:\/|$)/.test(text)) return text
  return `${shell.variables.get('HOME') ?? '/'}${text.slice(1)}`
}

async function expandParameter(
  shell: Shell,
  { name, modifier }: Parameter,
  quoted: boolean,
  substitute: Substitute,
): Promise<Fragment[]> {
  if (modifier === undefined && (name === '@' || name === '*')) return expandAll(shell, name, quoted)
  const value = parameterValue(shell, name)
  const fragment = (text: string): Fragment[] => [{ text, quoted, split: !quoted }]
  if (modifier === undefined) return fragment(value ?? unset(shell, name))
  if (modifier.operator === 'length') return fragment(String((value ?? unset(shell, name)).length))
  const { operator, word } = modifier
  // Unquoted, a word put in the parameter's place is split as its value would be.
  const substituted = async (): Promise<Fragment[]> => {
    const fragments = await expandParts(shell, word, substitute)
    return fragments.map((each) => ({ ...each, split: !quoted && !each.quoted }))
  }
  const missing = value === undefined || (operator.startsWith(':') && value === '')
  switch (operator) {
    case '-':
    case ':-':
      return missing ? substituted() : fragment(value)
    case '+':
    case ':+':
      return missing ? fragment('') : substituted()
    case '=':
    case ':=': {
      if (!missing) return fragment(value)
      const assigned = await expandOne(shell, word, substitute)
      shell.set(name, assigned)
      return fragment(assigned)
    }
    case '?':
    case ':?': {
      if (!missing) return fragment(value)
      const message = await expandOne(shell, word, substitute)
      await shell.complain(`${name}: ${message === '' ? 'parameter not set' : message}`)
      throw new ShellJump('error', 2)
    }
    default:
      return fragment(
        trim(value ?? unset(shell, name), operator, await expandPattern(shell, word, substitute)),
      )
  }
}

/** `$@` and `$*`. */
function expandAll(shell: Shell, name: '@' | '*', quoted: boolean): Fragment[] {
  if (quoted && name === '*') return [{ text: parameterValue(shell, '*') ?? '', quoted: true, split: false }]
  return shell.positional.map((text, index) => ({
    text,
    quoted,
    split: !quoted,
    startsField: index > 0,
  }))
}

function unset(shell: Shell, name: string): string {
  if (!shell.options.has('u') || name === '@' || name === '*') return ''
  void shell.complain(`${name}: parameter not set`)
  throw new ShellJump('error', 2)
}

function trim(value: string, operator: '%' | '%%' | '#' | '##', pattern: string): string {
  const regExp = patternToRegExp(pattern)
  const lengths = Array.from({ length: value.length + 1 }, (_, length) => length)
  if (operator.length === 2) lengths.reverse()
  for (const length of lengths) {
    const front = operator.startsWith('#')
    const cut = front ? value.slice(0, length) : value.slice(value.length - length)
    if (regExp.test(cut)) return front ? value.slice(length) : value.slice(0, value.length - length)
  }
  return value
}

function calculate(shell: Shell, expression: string): string {
  try {
    return evaluateArithmetic(expression, {
      get: (name) => shell.variables.get(name) ?? '',
      set: (name, value) => {
        shell.set(name, value)
      },
    })
  } catch (error) {
    if (!(error instanceof ShellSyntaxError)) throw error
    void shell.complain(`${error.message}: "${expression}"`)
    throw new ShellJump('error', 2)
  }
}

function joinFragment({ text }: Fragment): string {
  return text
}
