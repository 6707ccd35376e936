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
 * Each value becomes a score: how far it is from the median, in deviations as the MAD estimates them, bounded at
 * 3 (Huber's function), so a run that took for ever counts no more than a slow one. A cut is where the sum of the
 * scores before it is farthest from what it would be without a change (CUSUM); this is the robust test of Dürre
 * and Fried, "Robust change point tests by bounded transformations" (arXiv:1905.06201, 2019). How far it gets by
 * chance is found by putting the scores into other orders: a permutation test, as in E-divisive (Matteson and
 * James, JASA 109(505), 2014), which MongoDB has used for the same purpose (Daly et al., ICPE 2020). No
 * distribution is assumed. The orders come from a fixed seed, so the answer is the same each time. Both parts are
 * cut again in the same way (binary segmentation); in the end each cut must hold between its neighbours.
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
  return toSegments(values, confirmed(values, cuts, settings))
}

/** How many other orders are tried: enough to tell one in a hundred. */
const orders = 999

type Settings = Required<ChangePointOptions>

/** @param offset where `values` begin in the whole series */
function cutsOf(values: readonly number[], offset: number, settings: Settings): readonly number[] {
  const cut = significantCut(values, settings)
  if (cut === undefined) return []
  return [
    ...cutsOf(values.slice(0, cut), offset, settings),
    offset + cut,
    ...cutsOf(values.slice(cut), offset + cut, settings),
  ]
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

function significantCut(values: readonly number[], settings: Settings): number | undefined {
  const { minimumLength } = settings
  if (values.length < 2 * minimumLength) return undefined
  const scores = scoresOf(values)
  const { cut, statistic } = bestCut(scores, minimumLength)
  if (!isShift(values, cut, settings)) return undefined
  const isRare = isRareIn(scores, statistic, settings, (order) => bestCut(order, minimumLength).statistic)
  return isRare ? cut : undefined
}

/** Whether two neighbouring parts differ: the test above for one cut. */
function holds(values: readonly number[], cut: number, settings: Settings): boolean {
  if (!isShift(values, cut, settings)) return false
  const scores = scoresOf(values)
  const statisticAt = (order: readonly number[]) => {
    const sum = order.slice(0, cut).reduce((total, score) => total + score, 0)
    return standardised(sum, cut, order)
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
/** The standard deviation of a normal distribution whose MAD is 1. */
const deviationOfMad = 1.4826

/** Deviations from the median, bounded, with a mean of 0. */
function scoresOf(values: readonly number[]): readonly number[] {
  const middle = median(values)
  const deviations = values.map((value) => Math.abs(value - middle))
  // Where more than half of the values are equal the MAD is 0.
  const scale = deviationOfMad * median(deviations) || mean(deviations) || 1
  const scores = values.map((value) => Math.max(-bound, Math.min(bound, (value - middle) / scale)))
  const centre = mean(scores)
  return scores.map((score) => score - centre)
}

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length
}

/** Which cut tells the two sides apart best, and how well. */
function bestCut(scores: readonly number[], minimumLength: number) {
  let [cut, statistic, sum] = [minimumLength, 0, 0]
  scores.forEach((score, index) => {
    const before = index + 1
    sum += score
    if (before < minimumLength || scores.length - before < minimumLength) return
    const found = standardised(sum, before, scores)
    if (found > statistic) [cut, statistic] = [before, found]
  })
  return { cut, statistic }
}

/** How far the sum of the scores before a cut is from 0, on a scale that is the same for all cuts. */
function standardised(sum: number, before: number, { length }: readonly number[]): number {
  return Math.abs(sum) / Math.sqrt((before * (length - before)) / length)
}

function toSegments(values: readonly number[], cuts: readonly number[]): readonly Segment[] {
  if (values.length === 0) return []
  const bounds = [0, ...cuts, values.length]
  return bounds.slice(1).map((to, index) => {
    const from = bounds[index] ?? 0
    return { from, to, median: median(values.slice(from, to)) }
  })
}
