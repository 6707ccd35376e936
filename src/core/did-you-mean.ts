/** `; did you mean "barebox"?`, or nothing where no candidate is close. To be put after a sentence. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const suggestion = closest(word, candidates)
  return suggestion === undefined ? '' : `; did you mean "${suggestion}"?`
}

/**
 * The candidate that was probably meant. Case and the way words are joined (`off_time`, `offTime`,
 * `off-time`) do not count; otherwise one slip of the finger is forgiven for every three letters.
 */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  const typed = normalize(word)
  let best: { candidate: string; distance: number } | undefined
  for (const candidate of candidates) {
    const distance = editDistance(typed, normalize(candidate))
    if (distance < (best?.distance ?? Math.max(1, Math.floor(typed.length / 3)) + 1)) {
      best = { candidate, distance }
    }
  }
  return best?.candidate
}

function normalize(word: string): string {
  return word.replaceAll(/[-_\s]/g, '').toLowerCase()
}

/** Insertions, deletions, replacements and swaps of neighbours between two words (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const replaced = at(last, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1)
      let distance = Math.min(replaced, at(last, column) + 1, at(current, column - 1) + 1)
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        distance = Math.min(distance, at(beforeLast, column - 2) + 1)
      }
      current.push(distance)
    }
    beforeLast = last
    last = current
  }
  return at(last, b.length)
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY
}
