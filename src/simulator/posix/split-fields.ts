import { escapePattern } from './pattern.ts'

/** A piece of an expanded word. */
export interface Fragment {
  readonly text: string
  /** Quoted text is neither split nor a pattern, and makes a field even when empty. */
  readonly quoted: boolean
  /** Comes from an expansion and is split at separators. */
  readonly split: boolean
  /** A parameter of `$@` begins a field of its own. */
  readonly startsField?: boolean
}

/**
 * Field splitting (XCU 2.6.5).
 * @returns fields as patterns: what was quoted is escaped
 */
export function splitFields(fragments: readonly Fragment[], separators: string): string[] {
  const fields: string[] = []
  let field: string | undefined
  const end = () => {
    if (field !== undefined) fields.push(field)
    field = undefined
  }
  for (const { text, quoted, split, startsField } of fragments) {
    if (startsField === true) end()
    if (!split) {
      field = (field ?? '') + (quoted ? escapePattern(text) : text)
      continue
    }
    // `hard` separators (not white space) end a field each, also an empty one.
    let pendingHard = false
    for (const char of text) {
      if (!separators.includes(char)) {
        field = (field ?? '') + (char === '\\' ? '\\\\' : char)
        pendingHard = false
      } else if (' \t\n'.includes(char)) {
        if (field !== undefined) {
          end()
          pendingHard = true
        }
      } else if (pendingHard) pendingHard = false
      else {
        field ??= ''
        end()
      }
    }
  }
  end()
  return fields
}
