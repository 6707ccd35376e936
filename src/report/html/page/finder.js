/**
 * Finds words in a listing: plain text, upper and lower case alike.
 *
 * @typedef {import('./listing.js').Listing} Listing
 *
 * @typedef {object} Match
 * @property {number} entry
 * @property {number} from in characters of what is shown
 * @property {number} to
 */

/** So many are enough for anybody. */
export const maximumMatches = 10000

/**
 * @param {Listing} listing
 * @param {string} words
 * @returns {Match[]} in order
 */
export function findAll(listing, words) {
  /** @type {Match[]} */
  const matches = []
  const wanted = words.toLowerCase()
  if (wanted === '') return matches
  for (let entry = 0; entry < listing.length && matches.length < maximumMatches; entry++) {
    const text = listing.show(entry).text.toLowerCase()
    for (let from = text.indexOf(wanted); from !== -1; from = text.indexOf(wanted, from + wanted.length)) {
      matches.push({ entry, from, to: from + wanted.length })
      if (matches.length === maximumMatches) break
    }
  }
  return matches
}

/**
 * Cuts runs where matches begin and end.
 *
 * @param {readonly import('./ansi.js').Run[]} runs
 * @param {readonly { from: number, to: number, isCurrent: boolean }[]} matches in order, apart from each other
 * @returns {(import('./ansi.js').Run & { match: 'match' | 'match current' | '' })[]}
 */
export function cutAtMatches(runs, matches) {
  if (matches.length === 0) return runs.map((run) => ({ ...run, match: /** @type {const} */ ('') }))
  return runs.flatMap(({ from, to, style }) => {
    const edges = matches
      .flatMap((match) => [match.from, match.to])
      .filter((edge) => edge > from && edge < to)
    const points = [from, ...edges, to]
    return points.slice(1).map((end, index) => {
      const start = points[index] ?? from
      const over = matches.find((match) => match.from <= start && match.to >= end)
      return {
        from: start,
        to: end,
        style,
        match: over === undefined ? /** @type {const} */ ('') : over.isCurrent ? 'match current' : 'match',
      }
    })
  })
}
