/**
 * Cuts a command into words as Python's shlex.split does: quotes and backslashes as in a POSIX shell, and nothing else
 * of one.
 * @returns `undefined` where a quote is not closed
 */
export function shellWords(text: string): readonly string[] | undefined {
  const words: string[] = []
  let word: string | undefined
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    if (/\s/.test(character)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if (character === "'" || character === '"') {
      const quoted = readQuoted(text, at)
      if (quoted === undefined) return undefined
      word = (word ?? '') + quoted.value
      at = quoted.end
    } else if (character === '\\') {
      if (at + 1 >= text.length) return undefined
      word = (word ?? '') + text.charAt(++at)
    } else word = (word ?? '') + character
  }
  return word === undefined ? words : [...words, word]
}

/** @returns what stands between the quotes, and the index of the second one */
function readQuoted(text: string, start: number): { value: string; end: number } | undefined {
  const quote = text.charAt(start)
  let value = ''
  for (let at = start + 1; at < text.length; at++) {
    const character = text.charAt(at)
    if (character === quote) return { value, end: at }
    // Between double quotes a backslash stands for itself before anything but these two.
    if (quote === '"' && character === '\\' && /["\\]/.test(text.charAt(at + 1))) value += text.charAt(++at)
    else value += character
  }
  return undefined
}
