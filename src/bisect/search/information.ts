/** Entropy of a coin that shows heads with this probability, in bits. */
export function coinEntropy(probability: number): number {
  return plogp(probability) + plogp(1 - probability)
}

/** -p log2 p */
export function plogp(probability: number): number {
  return probability > 0 ? -probability * Math.log2(probability) : 0
}

/** Suspects whom the probes that were chosen can't tell apart. */
export interface Cell {
  /** Which probes have the bug if it is one of these: bit i for the probe of that number. */
  readonly failing: number
  /** How likely it is one of these. */
  readonly mass: number
  /** If so, how likely a run that has the bug fails. */
  readonly rate: number
}

/** How many bits some probes tell together, one run each. */
export function jointInformation(cells: readonly Cell[]): number {
  const outcomes = new Map<number, number>()
  let noise = 0
  for (const { failing, mass, rate } of cells) {
    if (mass <= 0) continue
    noise += mass * countBits(failing) * coinEntropy(rate)
    for (const [outcome, probability] of outcomesOf(failing, rate)) {
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + mass * probability)
    }
  }
  let entropy = -noise
  for (const probability of outcomes.values()) entropy += plogp(probability)
  return entropy
}

/** Rates above that are taken for 1. */
const certain = 1 - 1e-4

/** What probes that have the bug may come to, as the bits of those that fail, and how likely that is. */
function* outcomesOf(
  failing: number,
  rate: number,
): Generator<readonly [outcome: number, probability: number]> {
  if (rate > certain || failing === 0) {
    yield [failing, 1]
    return
  }
  // All subsets of the bits, from all to none.
  for (let subset = failing; ; subset = (subset - 1) & failing) {
    const failed = countBits(subset)
    yield [subset, rate ** failed * (1 - rate) ** (countBits(failing) - failed)]
    if (subset === 0) return
  }
}

function countBits(bits: number): number {
  let count = 0
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++
  return count
}
