import type { Match, Pattern } from '../board/console.ts'
import { HilError } from '../core/errors.ts'
import { escapeRegExp } from '../core/escape-reg-exp.ts'
import { measurePattern, UnboundedPattern } from '../board/pattern-bounds.ts'

/** A match inside a piece of text; positions count from the start of that text. */
export interface Hit<Name extends string = string> {
  readonly which: Name
  readonly index: number
  readonly end: number
  readonly text: string
  readonly groups: Match['groups']
}

/**
 * Named patterns, compiled to as few regular expressions as their flags allow, so that a text is
 * scanned once and not once per pattern.
 */
export class PatternSet<Name extends string = string> {
  readonly names: readonly Name[]
  /** The longest text any of the patterns can look at: what must be kept of the text before. */
  readonly reach: number
  readonly #scanners: readonly Scanner<Name>[]

  /** @throws HilError `console.pattern` (test) for a pattern that is not bounded */
  constructor(patterns: Readonly<Record<Name, Pattern>>) {
    const compiled = (Object.entries(patterns) as [Name, Pattern][]).map(([name, pattern]) => ({
      name,
      ...compile(pattern),
    }))
    this.names = compiled.map(({ name }) => name)
    this.reach = Math.max(0, ...compiled.map(({ length }) => length))
    const byFlags = groupByFlags(compiled)
    this.#scanners = [...byFlags].map(([flags, members]) => new Scanner(members, flags))
  }

  /**
   * The earliest match that starts at `from` or later, then the order the patterns were written in.
   * Text before `from` is seen by `^` and lookbehind only.
   */
  find(text: string, from: number): Hit<Name> | undefined {
    let best: Hit<Name> | undefined
    for (const scanner of this.#scanners) {
      const hit = scanner.find(text, from)
      if (hit !== undefined && (best === undefined || this.#isBefore(hit, best))) best = hit
    }
    return best
  }

  #isBefore(a: Hit<Name>, b: Hit<Name>): boolean {
    return (
      a.index < b.index || (a.index === b.index && this.names.indexOf(a.which) < this.names.indexOf(b.which))
    )
  }
}

interface CompiledPattern {
  readonly source: string
  readonly flags: string
  readonly captures: number
  readonly length: number
}

class Scanner<Name extends string> {
  readonly #regex: RegExp
  /** The index of each pattern's own group in the combined expression. */
  readonly #members: readonly { readonly name: Name; readonly group: number; readonly captures: number }[]

  constructor(members: readonly (CompiledPattern & { readonly name: Name })[], flags: string) {
    let group = 1
    this.#members = members.map(({ name, captures }) => {
      const own = group
      group += captures + 1
      return { name, group: own, captures }
    })
    this.#regex = new RegExp(members.map(({ source }) => `(${source})`).join('|'), `g${flags}`)
  }

  find(text: string, from: number): Hit<Name> | undefined {
    this.#regex.lastIndex = from
    const found = this.#regex.exec(text)
    if (found === null) return undefined
    const member = this.#members.find(({ group }) => found[group] !== undefined)
    if (member === undefined) return undefined
    return {
      which: member.name,
      index: found.index,
      end: found.index + found[0].length,
      text: found[0],
      groups: found.slice(member.group + 1, member.group + 1 + member.captures),
    }
  }
}

/** Patterns are written once and waited for often: what was measured is kept with the RegExp. */
const compiledPatterns = new WeakMap<RegExp, CompiledPattern>()

function compile(pattern: Pattern): CompiledPattern {
  if (typeof pattern === 'string') {
    const source = escapeRegExp(pattern)
    return { source, flags: '', captures: 0, length: pattern.length }
  }
  const known = compiledPatterns.get(pattern)
  if (known !== undefined) return known
  const compiled = compileRegExp(pattern)
  compiledPatterns.set(pattern, compiled)
  return compiled
}

function compileRegExp(pattern: RegExp): CompiledPattern {
  try {
    const { captures, maximumLength, rewrites } = measurePattern(pattern)
    let source = ''
    let end = 0
    for (const rewrite of rewrites) {
      source += pattern.source.slice(end, rewrite.start) + rewrite.with
      end = rewrite.end
    }
    source += pattern.source.slice(end)
    // g and y are ours; m would change nothing, since ^ and $ were rewritten.
    return { source, flags: pattern.flags.replaceAll(/[gymd]/g, ''), captures, length: maximumLength }
  } catch (error) {
    if (!(error instanceof UnboundedPattern)) throw error
    throw new HilError('console.pattern', `the pattern ${String(pattern)} ${error.message}`, {
      blame: 'test',
      details: { pattern: String(pattern) },
    })
  }
}

// Map.groupBy is in Node 21 and later.
function groupByFlags<T extends { readonly flags: string }>(items: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) groups.set(item.flags, [...(groups.get(item.flags) ?? []), item])
  return groups
}
