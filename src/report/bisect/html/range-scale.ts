/** Where the places of a range are drawn, in percent of the width. */
export interface RangeScale {
  /** @param place 0 is the end before the range; halves lie between commits */
  readonly at: (place: number) => number
  readonly ticks: readonly RangeTick[]
  /** Whether commits far from the middle lie closer to each other. */
  readonly isNarrowing: boolean
}

export interface RangeTick {
  readonly at: number
  /** How many commits from the middle. */
  readonly distance: number
}

/** So many commits can be told apart where all are equally wide. */
const mostEvenly = 80

/** Marks at the ends need some room, in percent. */
const margin = 1.5

/** Ticks are not closer to each other, nor to the ends, in percent. */
const leastGap = 3.5

/**
 * A scale on which each halving of the range is about as wide as the one before: what is near the middle would else be
 * less than a dot among thousands.
 *
 * @param size commits in the range
 * @param middle the place that matters most; without one all commits are equally wide
 */
export function rangeScale(size: number, middle?: number): RangeScale {
  if (middle === undefined) return { ...scaleAround(size, 0, false), ticks: [] }
  return scaleAround(size, middle, size > mostEvenly)
}

function scaleAround(size: number, middle: number, isNarrowing: boolean): RangeScale {
  const bend = (place: number) =>
    isNarrowing ? Math.sign(place - middle) * Math.log2(1 + Math.abs(place - middle)) : place - middle
  const [first, last] = [bend(-0.5), bend(size + 0.5)]
  const at = (place: number) => margin + ((bend(place) - first) / (last - first)) * (100 - 2 * margin)
  return { at, isNarrowing, ticks: ticksOf(size, middle, at) }
}

function ticksOf(size: number, middle: number, at: (place: number) => number): readonly RangeTick[] {
  const ticks: RangeTick[] = []
  for (const side of [-1, 1]) {
    let last = at(middle)
    for (const distance of distances(size)) {
      const place = middle + side * distance
      if (place < 0 || place > size) break
      const x = at(place)
      if (Math.abs(x - last) < leastGap || x < leastGap || x > 100 - leastGap) continue
      ticks.push({ at: x, distance: side * distance })
      last = x
    }
  }
  return ticks
}

function distances(size: number): readonly number[] {
  const step = size > mostEvenly ? undefined : size > 30 ? 10 : 5
  return step === undefined
    ? [1, 10, 100, 1000, 10_000, 100_000, 1_000_000]
    : Array.from({ length: Math.ceil(size / step) }, (_, index) => (index + 1) * step)
}
