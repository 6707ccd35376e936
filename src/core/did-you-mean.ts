/** `; did you mean "barebox"?`, or nothing where no candidate is close. To be put after a sentence. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const suggestion = closest(word, candidates)
  return suggestion === undefined ? '' : `; did you mean "${suggestion}"?`
}

/**
 * The candidate that was probably meant. Case and the way words are joined (`off_time`, `offTime`,
 * `off-time`) do not count; otherwise one slip of the finger is forgiven for every three letters. A
 * word that goes on where a candidate ends, or the other way round, counts as close as well.
 */
export function closest(word: string, from: Iterable<string>): string | undefined {
  const candidates = [...from]
  const typed = normalize(word)
  let best: { candidate: string; distance: number } | undefined
  for (const candidate of candidates) {
    const distance = editDistance(typed, normalize(candidate))
    if (distance < (best?.distance ?? Math.max(1, Math.floor(typed.length / 3)) + 1)) {
      best = { candidate, distance }
    }
  }
  return best?.candidate ?? candidates.find((candidate) => continues(typed, normalize(candidate)))
}

const shortestStem = 4

function continues(a: string, b: string): boolean {
  return Math.min(a.length, b.length) >= shortestStem && (a.startsWith(b) || b.startsWith(a))
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
