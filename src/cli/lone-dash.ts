/** What no command line can hold, for the null character ends its words. */
const hidden = '\0-'

/** yargs takes the value `-` for an option without a name, and makes an empty text of it. */
export function hideDashes(words: readonly string[]): readonly string[] {
  return words.map((word) => (word === '-' ? hidden : word))
}

/** The other way round, of what yargs has made of the words. */
export function showDashes<T extends object>(args: T): T {
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [name, shown(value)])) as T
}

export function showDash(text: string): string {
  return text.replaceAll(hidden, '-')
}

function shown(value: unknown): unknown {
  if (typeof value === 'string') return showDash(value)
  return Array.isArray(value) ? value.map(shown) : value
}
