import type { MatchRule } from './rule.ts'

/**
 * U-Boot with CONFIG_FIT_BEST_MATCH goes through all strings of its own compatible: the
 * configuration that lists the earliest of them wins.
 */
export const uboot: MatchRule = {
  name: 'U-Boot',
  choose: (candidates, board) => {
    for (const own of board) {
      const best = candidates.filter(({ compatible }) => compatible?.includes(own) === true)
      if (best.length > 0) return { best, matched: own }
    }
    return { best: [] }
  },
}
