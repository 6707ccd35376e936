import { timeStampStart } from '../../../kernel/time-stamp.ts'

/**
 * What the shell prints after each command: SOH, two characters of this session's own, the status in
 * three digits, a line end. `set -x` does not print it, for it is written by printf from escapes. The
 * string terminator in front, which no one sees, ends a terminal sequence that the output left open.
 */
export function markFormat(nonce: string): string {
  return String.raw`\033\\\001${nonce}%03d\n`
}

/** A mark, and ways to find it even where kernel messages break it in two, at any place, any often. */
export interface Mark {
  /** Its group is the status. */
  readonly end: RegExp
  /** A mark whose beginning, the first group, is followed by a kernel message. */
  readonly broken: RegExp
  /** The rest of a mark of which `count` characters came; its group is the rest of the status. */
  restAfter(count: number): RegExp
  brokenAfter(count: number): RegExp
}

export function createMark(nonce: string): Mark {
  const units = [String.raw`\x01`, ...nonce, String.raw`\d`, String.raw`\d`, String.raw`\d`]
  const digitsFrom = 1 + nonce.length
  const restAfter = (count: number) => {
    const fixed = units.slice(count, digitsFrom).join('')
    const digits = units.slice(Math.max(count, digitsFrom)).join('')
    return new RegExp(`${fixed}(${digits})\\r{0,1}\\n`)
  }
  const brokenAfter = (count: number) => {
    const beginnings = units.slice(count).map((_, index) => units.slice(count, count + index + 1).join(''))
    // Once some of it came, the next message may follow the last at once.
    return new RegExp(`(${[...beginnings.reverse(), ...(count > 0 ? [''] : [])].join('|')})${timeStampStart}`)
  }
  return { end: restAfter(0), broken: brokenAfter(0), restAfter, brokenAfter }
}
