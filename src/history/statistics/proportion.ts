/** A share of a number of trials, and between what it truly is with 95% certainty. */
export interface Proportion {
  readonly rate: number
  readonly low: number
  readonly high: number
}

/** The 97.5% quantile of the normal distribution: 95% lie between it and its negative. */
const z = 1.959964

/**
 * The share of `count` in `total` with its Wilson score interval, which also means something for few trials
 * and for shares of 0 and 1 (E. B. Wilson, "Probable inference, the law of succession, and statistical
 * inference", JASA 22, 1927; advised by Brown, Cai and DasGupta, Statistical Science 16(2), 2001).
 * @returns `undefined` without trials
 */
export function proportion(count: number, total: number): Proportion | undefined {
  if (total === 0) return undefined
  const rate = count / total
  const centre = rate + (z * z) / (2 * total)
  const spread = z * Math.sqrt((rate * (1 - rate)) / total + (z * z) / (4 * total * total))
  const scale = 1 + (z * z) / total
  return {
    rate,
    low: Math.max(0, (centre - spread) / scale),
    high: Math.min(1, (centre + spread) / scale),
  }
}
