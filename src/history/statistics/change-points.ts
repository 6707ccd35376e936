import { median } from './median.ts'
import { seededRandom, shuffle } from './random.ts'

export interface ChangePointOptions {
  /** How likely a series without any change may be said to have one. @default 0.01 */
  readonly significance?: number
  /** Smaller changes, as a share of the median before, are true perhaps but of no interest. @default 0.03 */
  readonly minimumShift?: number
  /** Smaller changes are of no interest either, in the unit of the values. @default 0 */
  readonly minimumDifference?: number
  /** The fewest values on each side of a change. @default 3 */
  readonly minimumLength?: number
}

/** A part of a series in which nothing changes: values `[from, to)`. */
export interface Segment {
  readonly from: number
  readonly to: number
  readonly median: number
}

/**
 * Cuts a series into parts between which the level changed.
 *
 * Each value becomes a score: how far it is from the median, in standard deviations, bounded at 3 (Huber's
 * function), so a run that took for ever counts no more than a slow one. The deviation is taken from the
 * differences of neighbours, in which a change of the level counts once only. This is the robust
 * test of Dürre and Fried, "Robust change point tests by bounded transformations" (arXiv:1905.06201, 2019).
 *
 * Looked for is the stretch whose sum of scores is farthest from what it would be without a change, as in circular
 * binary segmentation (Olshen et al., Biostatistics 5(4), 2004): both its ends are cuts, so a level that comes and
 * goes is found as well as one that stays. How far a sum gets by chance is found by putting the scores into other
 * orders (a permutation test; no distribution is assumed). The orders come from a fixed seed, so the answer is the
 * same each time. The parts are cut again in the same way, and in the end each cut must hold between its
 * neighbours.
 */
export function segments(values: readonly number[], options: ChangePointOptions = {}): readonly Segment[] {
  const settings = {
    significance: 0.01,
    minimumShift: 0.03,
    minimumDifference: 0,
    minimumLength: 3,
    ...options,
  }
  const cuts = cutsOf(values, 0, settings)
  return toSegments(values, placed(values, confirmed(values, cuts, settings), settings))
}

/** How many other orders are tried: enough to tell one in a hundred. */
const orders = 999

type Settings = Required<ChangePointOptions>

/** @param offset where `values` begin in the whole series */
function cutsOf(values: readonly number[], offset: number, settings: Settings): readonly number[] {
  const cuts = significantCuts(values, settings)
  if (cuts.length === 0) return []
  const bounds = [0, ...cuts, values.length]
  return bounds.slice(1).flatMap((to, index) => {
    const from = bounds[index] ?? 0
    const within = cutsOf(values.slice(from, to), offset + from, settings)
    return to === values.length ? within : [...within, offset + to]
  })
}

/** The cuts that still hold between their neighbours; what one cut explained must not count for two. */
function confirmed(values: readonly number[], cuts: readonly number[], settings: Settings) {
  let kept = cuts
  for (let index = 0; index < kept.length;) {
    const [from = 0, cut = 0, to = values.length] = [kept[index - 1], kept[index], kept[index + 1]]
    if (holds(values.slice(from, to), cut - from, settings)) index++
    else {
      kept = kept.filter((other) => other !== cut)
      index = Math.max(0, index - 1)
    }
  }
  return kept
}

/** How far from the cut of the test the best place is looked for. */
const reach = 3

/** Cuts where the values lie closest to the medians of both sides: the test is sure that there is one, not where. */
function placed(values: readonly number[], cuts: readonly number[], { minimumLength }: Settings) {
  return cuts.map((cut, index) => {
    const [from, to] = [cuts[index - 1] ?? 0, cuts[index + 1] ?? values.length]
    const places = Array.from({ length: 2 * reach + 1 }, (_, step) => cut - reach + step).filter(
      (place) => place - from >= minimumLength && to - place >= minimumLength,
    )
    const costs = places.map(
      (place) => spreadOf(values.slice(from, place)) + spreadOf(values.slice(place, to)),
    )
    return places[costs.indexOf(Math.min(...costs))] ?? cut
  })
}

/** The sum of the distances from the median. */
function spreadOf(values: readonly number[]): number {
  const middle = median(values)
  return values.reduce((total, value) => total + Math.abs(value - middle), 0)
}

function significantCuts(values: readonly number[], settings: Settings): readonly number[] {
  const { minimumLength } = settings
  if (values.length < 2 * minimumLength) return []
  const scores = scoresOf(values)
  const { cuts, statistic } = bestStretch(scores, minimumLength)
  const isRare = isRareIn(scores, statistic, settings, (order) => bestStretch(order, minimumLength).statistic)
  return isRare ? cuts : []
}

/** Whether two neighbouring parts differ: the test above for one cut. */
function holds(values: readonly number[], cut: number, settings: Settings): boolean {
  if (!isShift(values, cut, settings)) return false
  const scores = scoresOf(values)
  const statisticAt = (order: readonly number[]) => {
    const sum = order.slice(0, cut).reduce((total, score) => total + score, 0)
    return standardised(sum, cut, order.length)
  }
  return isRareIn(scores, statisticAt(scores), settings, statisticAt)
}

/** Whether other orders of the scores seldom have a statistic as great. */
function isRareIn(
  scores: readonly number[],
  statistic: number,
  { significance }: Settings,
  statisticOf: (order: readonly number[]) => number,
): boolean {
  const random = seededRandom(scores.length)
  const order = [...scores]
  // The series itself is one of the orders.
  let asGreat = 1
  for (let count = 0; count < orders; count++) {
    shuffle(order, random)
    if (statisticOf(order) >= statistic - rounding) asGreat++
    if (asGreat / (orders + 1) > significance) return false
  }
  return true
}

/** Sums of the same numbers in another order differ by so much at most. */
const rounding = 1e-9

function isShift(values: readonly number[], cut: number, settings: Settings): boolean {
  const { minimumShift, minimumDifference } = settings
  const [before, after] = [median(values.slice(0, cut)), median(values.slice(cut))]
  return Math.abs(after - before) > Math.max(minimumShift * Math.abs(before), minimumDifference)
}

/** The bound of Huber's function, in standard deviations. */
const bound = 3
/** The median of the absolute difference of two values from a normal distribution, in standard deviations. */
const medianDifference = 0.954

/** Deviations from the median, bounded, with a mean of 0. */
function scoresOf(values: readonly number[]): readonly number[] {
  const middle = median(values)
  const scale = deviationOf(values, middle)
  const scores = values.map((value) => Math.max(-bound, Math.min(bound, (value - middle) / scale)))
  const centre = mean(scores)
  return scores.map((score) => score - centre)
}

function deviationOf(values: readonly number[], middle: number): number {
  const differences = values.slice(1).map((value, index) => Math.abs(value - (values[index] ?? 0)))
  // Where most neighbours are equal their differences say nothing.
  return median(differences) / medianDifference || mean(values.map((value) => Math.abs(value - middle))) || 1
}

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length
}

/** Which stretch differs most from the rest, by the cuts at its ends, and how much. */
function bestStretch(scores: readonly number[], minimumLength: number) {
  const { length } = scores
  const sums = [0]
  for (const score of scores) sums.push((sums.at(-1) ?? 0) + score)
  let [bestFrom, bestTo, statistic] = [0, minimumLength, 0]
  for (let from = 0; from <= length - minimumLength; from = Math.max(from + 1, minimumLength)) {
    for (let to = from + minimumLength; to <= length; to++) {
      const isNearEnd = to < length && length - to < minimumLength
      if (isNearEnd || to - from === length) continue
      const found = standardised((sums[to] ?? 0) - (sums[from] ?? 0), to - from, length)
      if (found > statistic) [bestFrom, bestTo, statistic] = [from, to, found]
    }
  }
  return { cuts: [bestFrom, bestTo].filter((cut) => cut > 0 && cut < length), statistic }
}

/** How far the sum of some scores is from 0, on a scale that is the same for any number of them. */
function standardised(sum: number, count: number, total: number): number {
  return Math.abs(sum) / Math.sqrt((count * (total - count)) / total)
}

function toSegments(values: readonly number[], cuts: readonly number[]): readonly Segment[] {
  if (values.length === 0) return []
  const bounds = [0, ...cuts, values.length]
  return bounds.slice(1).map((to, index) => {
    const from = bounds[index] ?? 0
    return { from, to, median: median(values.slice(from, to)) }
  })
}
