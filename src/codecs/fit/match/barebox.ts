import type { MatchRule } from './rule.ts'

/**
 * barebox compares only the first string of its own compatible, without regard to case. The earlier
 * a configuration lists it, the better; configurations without a kernel are passed over.
 */
export const barebox: MatchRule = {
  name: 'barebox',
  choose: (candidates, [first]) => {
    const ranked = candidates
      .filter(({ configuration }) => configuration.kernel !== undefined)
      .map((candidate) => ({ candidate, rank: rankOf(candidate.compatible ?? [], first) }))
      .filter(({ rank }) => rank !== -1)
    const least = Math.min(...ranked.map(({ rank }) => rank))
    const best = ranked.filter(({ rank }) => rank === least).map(({ candidate }) => candidate)
    return { best, ...(best.length > 0 && first !== undefined ? { matched: first } : {}) }
  },
}

function rankOf(compatible: readonly string[], own: string | undefined): number {
  return compatible.findIndex((each) => each.toLowerCase() === own?.toLowerCase())
}
