import type { Match, Pattern } from '../board/console.ts'
import { PatternSet, type Hit } from './pattern-set.ts'

interface Watch {
  readonly pattern: Pattern
  readonly onSeen: (match: Match) => void
}

/** A line longer than this is searched in overlapping pieces. */
const maximumLine = 4096

/**
 * Watches complete lines for patterns that mean failure. All patterns are one regular expression,
 * run once over each line, whatever their number.
 */
export class FailWatch {
  readonly #watches = new Map<string, Watch>()
  #patterns: PatternSet | undefined
  #nextId = 0
  /** The unfinished line. */
  #line = ''

  add(pattern: Pattern, onSeen: (match: Match) => void): Disposable {
    const id = String(this.#nextId++)
    // Compile it alone first: a bad pattern throws here, where it was written.
    new PatternSet({ [id]: pattern })
    this.#watches.set(id, { pattern, onSeen })
    this.#patterns = undefined
    return {
      [Symbol.dispose]: () => {
        this.#watches.delete(id)
        this.#patterns = undefined
      },
    }
  }

  push(text: string, at: number): void {
    if (this.#watches.size === 0) {
      const end = text.lastIndexOf('\n')
      this.#line = end === -1 ? bounded(this.#line + text) : bounded(text.slice(end + 1))
      return
    }
    let pending = this.#line + text
    const end = pending.lastIndexOf('\n')
    if (end !== -1) {
      this.#scan(pending.slice(0, end + 1), at)
      pending = pending.slice(end + 1)
    }
    while (pending.length > maximumLine) {
      this.#scan(pending.slice(0, maximumLine), at)
      pending = pending.slice(maximumLine - Math.min(this.#compiled().reach, maximumLine / 2))
    }
    this.#line = pending
  }

  #scan(text: string, at: number): void {
    const patterns = this.#compiled()
    let from = 0
    for (let hit = patterns.find(text, from); hit !== undefined; hit = patterns.find(text, from)) {
      from = Math.max(hit.end, hit.index + 1)
      this.#watches.get(hit.which)?.onSeen(toMatch(hit, text, at))
    }
  }

  #compiled(): PatternSet {
    this.#patterns ??= new PatternSet(
      Object.fromEntries([...this.#watches].map(([id, { pattern }]) => [id, pattern])),
    )
    return this.#patterns
  }
}

function toMatch({ which, text, groups, index }: Hit, scanned: string, at: number): Match {
  const lineStart = scanned.lastIndexOf('\n', index - 1) + 1
  const before = index === 0 ? '' : scanned.slice(lineStart, index)
  return { which, text, groups, before, cursorAsked: false, lost: 0, at }
}

function bounded(line: string): string {
  return line.length > maximumLine ? line.slice(-maximumLine) : line
}
