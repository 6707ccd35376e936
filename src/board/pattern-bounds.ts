import { RegExpParser, type AST } from '@eslint-community/regexpp'

/** What a pattern can cost at most, and where in its source things stand that mean something else on a stream. */
export interface PatternBounds {
  /** The longest text it can look at, in UTF-16 units, lookaround included. */
  readonly maximumLength: number
  readonly captures: number
  /** Pieces of the source to replace, in order: `^`, `$` and the heads of named groups. */
  readonly rewrites: readonly { readonly start: number; readonly end: number; readonly with: string }[]
}

/** Why a pattern is refused: a sentence without its subject. */
export class UnboundedPattern extends Error {}

/**
 * The number of ways a pattern may match at one position before it is refused. A line of 4096
 * characters then costs at most some 10^7 steps whatever the board sends.
 */
const maximumWays = 10_000
const maximumLength = 16_384

const lineStart = '(?<![^\\n])'
const endOfInput = '(?![\\s\\S])'

interface Cost {
  readonly length: number
  readonly ways: number
}

const nothing: Cost = { length: 0, ways: 1 }

/** @throws UnboundedPattern when matching could take time without a limit */
export function measurePattern(pattern: RegExp): PatternBounds {
  const unicodeSets = pattern.flags.includes('v')
  const unicode = pattern.unicode || unicodeSets
  const ast = new RegExpParser().parsePattern(pattern.source, undefined, undefined, {
    unicode: pattern.unicode,
    unicodeSets,
  })
  const rewrites: PatternBounds['rewrites'][number][] = []
  let captures = 0

  const costOfAlternatives = (alternatives: readonly AST.Alternative[]): Cost =>
    alternatives
      .map((alternative) => alternative.elements.map(costOf).reduce(inSequence, nothing))
      .reduce(eitherOr)

  const costOf = (node: AST.Element): Cost => {
    switch (node.type) {
      case 'Quantifier':
        return repeated(node, costOf(node.element))
      case 'CapturingGroup':
        captures++
        if (node.name !== null) {
          rewrites.push({ start: node.start, end: node.start + `(?<${node.name}>`.length, with: '(' })
        }
        return costOfAlternatives(node.alternatives)
      case 'Group':
        return costOfAlternatives(node.alternatives)
      case 'Assertion':
        if (node.kind === 'start') rewrites.push({ start: node.start, end: node.end, with: lineStart })
        if (node.kind === 'end') rewrites.push({ start: node.start, end: node.end, with: endOfInput })
        return node.kind === 'lookahead' || node.kind === 'lookbehind'
          ? costOfAlternatives(node.alternatives)
          : { length: 1, ways: 1 }
      case 'Backreference':
        throw new UnboundedPattern(
          `refers back to a group with ${node.raw}, which is not supported on a stream`,
        )
      case 'Character':
      case 'CharacterClass':
      case 'CharacterSet':
      case 'ExpressionCharacterClass':
        return { length: unicode ? 2 : 1, ways: 1 }
    }
  }

  const { length, ways } = costOfAlternatives(ast.alternatives)
  if (ways > maximumWays) {
    throw new UnboundedPattern(
      `can match in more than ${maximumWays} ways at one place, so a hostile line could stall it: ` +
        'use fewer or shorter repeats, or none inside another',
    )
  }
  if (length > maximumLength) {
    throw new UnboundedPattern(
      `can match ${length} characters, more than the ${maximumLength} a match may have`,
    )
  }
  return { maximumLength: length, captures, rewrites: rewrites.sort((a, b) => a.start - b.start) }
}

function repeated({ raw, min, max, element }: AST.Quantifier, inner: Cost): Cost {
  if (max === Infinity) {
    throw new UnboundedPattern(
      `repeats without a limit at "${raw}": write ${element.raw}{${min},80}, or the length you expect`,
    )
  }
  // Each count from min to max is a way of its own, times the ways of every round.
  let ways = 0
  for (let count = min; count <= max && ways <= maximumWays; count++) ways += inner.ways ** count
  return { length: inner.length * max, ways: Math.max(1, ways) }
}

function inSequence(a: Cost, b: Cost): Cost {
  return { length: a.length + b.length, ways: a.ways * b.ways }
}

function eitherOr(a: Cost, b: Cost): Cost {
  return { length: Math.max(a.length, b.length), ways: a.ways + b.ways }
}
