/** A reproducible source of random numbers: the same seed gives the same sequence. */
export interface Random {
  /** At least 0 and less than 1. */
  next(): number
  /** A whole number, at least 0 and less than `limit`. */
  below(limit: number): number
  /** True with the given probability. */
  chance(probability: number): boolean
}

/** @param seed any whole number; only its low 32 bits count */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  // mulberry32: small, fast, and good enough to choose bytes to garble.
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    next,
    below: (limit) => Math.floor(next() * limit),
    chance: (probability) => probability > 0 && next() < probability,
  }
}
