/** A word as a POSIX shell reads it, whatever it holds. */
export function quoteWord(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`
}
