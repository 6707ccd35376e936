/** Joins words by spaces into as few texts as the limit allows. */
export function groupByLength(words: readonly string[], limit: number): readonly string[] {
  const groups: string[] = []
  for (const word of words) {
    const last = groups.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= limit)
      groups[groups.length - 1] = `${last} ${word}`
    else groups.push(word)
  }
  return groups
}
