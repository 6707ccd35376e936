import { RegExpParser, visitRegExpAST, type AST } from '@eslint-community/regexpp'
import { measurePattern, UnboundedPattern } from '../../board/pattern-bounds.ts'

/** Python's `(?P<name>`, ... in the words of JavaScript. What has no counterpart is refused by `check`. */
const foreign: readonly (readonly [RegExp, string])[] = [
  [/^\(\?P</, '(?<'],
  [/^\(\?P=(\w+)\)/, '\\k<$1>'],
  [/^\(\?#[^)]*\)/, ''],
  [/^\\A/, '^'],
  [/^\\Z/, '$'],
  [/^\\a/, '\\x07'],
  [/^\{,(\d+)\}/, '{0,$1}'],
  // hil takes colours out before it looks for a prompt.
  [/^(?:\\x1b|\\033|\\e|\x1b)\\\[(?:\[[^\]]*\][*+?]?|[\d;])*m/i, ''],
]

/** What only Python has, and what to say of it. */
const refused: readonly (readonly [RegExp, string])[] = [
  [/^\(\?[aiLmsux-]+[:)]/, 'flags inside the pattern, as in "(?i)", are not known here'],
  [/^\(\?\(/, 'a pattern that depends on a group is not known here'],
  [/^\(\?>/, 'an atomic group is not known here'],
  [/^[*+?}]\+/, 'a possessive repeat is not known here'],
  [/^\\N\{/, 'a character by its name is not known here'],
]

/** How often what repeats without a limit may repeat: as often as can be tried in a short time. */
const limits = [80, 60, 40, 30, 20, 15, 10]

/**
 * A regular expression of Python's as hil has them: in JavaScript, and bounded, so that no board can stall it.
 * @returns a sentence without its subject where that can't be
 */
export function translatePattern(python: string): { readonly source: string } | { readonly failure: string } {
  const translated = toJavaScript(python)
  if ('failure' in translated) return translated
  try {
    new RegExp(translated.source)
  } catch (error) {
    return { failure: `is no regular expression that is known here: ${(error as Error).message}` }
  }
  return bound(translated.source)
}

function toJavaScript(python: string): { readonly source: string } | { readonly failure: string } {
  let source = ''
  for (let at = 0; at < python.length;) {
    const rest = python.slice(at)
    const reason = refused.find(([pattern]) => pattern.test(rest))?.[1]
    if (reason !== undefined) return { failure: `can't be taken over: ${reason}` }
    const [pattern, replacement] = foreign.find(([one]) => one.test(rest)) ?? []
    if (pattern !== undefined && replacement !== undefined) {
      const [whole] = pattern.exec(rest) ?? ['']
      source += whole.replace(pattern, replacement)
      at += whole.length
      continue
    }
    const piece = nextPiece(rest)
    source += piece.startsWith('[') ? characterClass(piece) : piece
    at += piece.length
  }
  return { source }
}

/** A character, an escape, or a whole character class. */
function nextPiece(rest: string): string {
  if (rest.startsWith('\\')) return rest.slice(0, 2)
  return rest.startsWith('[') ? (/^\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]?/.exec(rest)?.[0] ?? '[') : rest.charAt(0)
}

/** To Python a `]` that comes first is one of the characters. */
function characterClass(piece: string): string {
  return piece.replace(/^(\[\^?)\]/, '$1\\]').replaceAll('\\a', '\\x07')
}

function bound(source: string): { readonly source: string } | { readonly failure: string } {
  const repeats = unboundedRepeats(source)
  for (const limit of limits) {
    const bounded = repeats.reduce((text, { min, element, end, greedy }) => {
      const repeat = `{${min},${Math.max(min, limit)}}${greedy ? '' : '?'}`
      return text.slice(0, element.end) + repeat + text.slice(end)
    }, source)
    try {
      measurePattern(new RegExp(bounded))
      return { source: bounded }
    } catch (error) {
      if (!(error instanceof UnboundedPattern)) throw error
      if (limit === limits.at(-1)) return { failure: error.message }
    }
  }
  return { source }
}

/** The one that ends last first: what stands before it stays in its place. */
function unboundedRepeats(source: string): readonly AST.Quantifier[] {
  const found: AST.Quantifier[] = []
  visitRegExpAST(new RegExpParser().parsePattern(source), {
    onQuantifierEnter: (node) => {
      if (node.max === Infinity) found.push(node)
    },
  })
  return found.sort((a, b) => b.end - a.end)
}
