import { mark } from './syntax.ts'

/** Fills in the variables of a word. A line end in a value becomes a space. */
export function fillIn(word: string, lookUp: (name: string) => string | undefined): string {
  const pieces = word.split(mark)
  if (pieces.length === 1) return word
  return pieces
    .map((piece, index) => (index % 2 === 0 ? piece : (lookUp(piece) ?? '')))
    .join('')
    .replaceAll('\n', ' ')
}

/**
 * Takes quotes out of a word just before it is used. `\"`, `\'`, `\\` and, outside of double
 * quotes, `\ ` lose their backslash; every other backslash stays (`\$` remains `\$`).
 */
export function removeQuotes(word: string): string {
  let result = ''
  let doubleQuoted = false
  for (let at = 0; at < word.length; at += 1) {
    const char = word[at] ?? ''
    const next = word[at + 1] ?? ''
    if (char === "'") {
      const end = word.indexOf("'", at + 1)
      result += word.slice(at + 1, end === -1 ? word.length : end)
      at = end === -1 ? word.length : end
    } else if (char === '"') doubleQuoted = !doubleQuoted
    else if (char === '\\' && (['"', "'", '\\'].includes(next) || (next === ' ' && !doubleQuoted))) {
      result += next
      at += 1
    } else result += char
  }
  return result
}

const assignment = /^[A-Za-z][\w.]*=/

export function isAssignment(word: string): boolean {
  return assignment.test(word)
}
