/** Which of `a` is which of `b`, by index; both rise. */
export type Pairs = readonly (readonly [a: number, b: number])[]

/** A table of more cells than this takes too long: such stretches are compared less well. */
const maximumTable = 250_000

/** Stretches within stretches are looked at no deeper than this. */
const maximumDepth = 24

/** How far ahead the same line is looked for where a stretch is too long for a table. */
const lookAhead = 200

interface Stretch {
  readonly fromA: number
  readonly toA: number
  readonly fromB: number
  readonly toB: number
}

/**
 * Finds what two lists have in common, in order: first by items that are unique in both (as the patience diff
 * of git does it), then, between these, by the longest common subsequence. However long and however alike
 * the lists are, the time is bounded.
 */
export function align(a: readonly string[], b: readonly string[]): Pairs {
  const pairs: (readonly [number, number])[] = []
  alignStretch(a, b, { fromA: 0, toA: a.length, fromB: 0, toB: b.length }, 0, pairs)
  return pairs.sort(([one], [other]) => one - other)
}

type Found = (readonly [a: number, b: number])[]

function alignStretch(
  a: readonly string[],
  b: readonly string[],
  whole: Stretch,
  depth: number,
  found: Found,
): void {
  let { fromA, toA, fromB, toB } = whole
  while (fromA < toA && fromB < toB && a[fromA] === b[fromB]) found.push([fromA++, fromB++])
  while (fromA < toA && fromB < toB && a[toA - 1] === b[toB - 1]) found.push([--toA, --toB])
  if (fromA === toA || fromB === toB) return
  const inner = { fromA, toA, fromB, toB }
  const anchors = depth < maximumDepth ? risingAnchors(a, b, inner) : []
  if (anchors.length === 0) return alignBetween(a, b, inner, found)
  let [lastA, lastB] = [fromA, fromB]
  for (const [anchorA, anchorB] of anchors) {
    alignStretch(a, b, { fromA: lastA, toA: anchorA, fromB: lastB, toB: anchorB }, depth + 1, found)
    found.push([anchorA, anchorB])
    lastA = anchorA + 1
    lastB = anchorB + 1
  }
  alignStretch(a, b, { fromA: lastA, toA, fromB: lastB, toB }, depth + 1, found)
}

/** Items that each list has once, as many as stand in the same order in both. */
function risingAnchors(a: readonly string[], b: readonly string[], stretch: Stretch): Pairs {
  const inA = uniqueIn(a, stretch.fromA, stretch.toA)
  const inB = uniqueIn(b, stretch.fromB, stretch.toB)
  const both = [...inA].flatMap(([item, index]) => {
    const other = inB.get(item)
    return index === undefined || other === undefined ? [] : [[index, other] as const]
  })
  return longestRising(both)
}

/** Where each item stands; `undefined` where it stands more than once. */
function uniqueIn(list: readonly string[], from: number, to: number): Map<string, number | undefined> {
  const places = new Map<string, number | undefined>()
  for (let index = from; index < to; index++) {
    const item = list[index] ?? ''
    places.set(item, places.has(item) ? undefined : index)
  }
  return places
}

/** Of pairs sorted by their first number the most whose second numbers rise (patience sorting). */
function longestRising(pairs: Pairs): Pairs {
  const piles: number[] = []
  const before: (number | undefined)[] = []
  for (const [index, [, value]] of pairs.entries()) {
    let [low, high] = [0, piles.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((pairs[piles[middle] ?? 0]?.[1] ?? 0) < value) low = middle + 1
      else high = middle
    }
    before[index] = piles[low - 1]
    piles[low] = index
  }
  const rising: (readonly [number, number])[] = []
  for (let index = piles.at(-1); index !== undefined; index = before[index]) {
    const pair = pairs[index]
    if (pair !== undefined) rising.push(pair)
  }
  return rising.reverse()
}

/** What has no unique items in common. */
function alignBetween(a: readonly string[], b: readonly string[], stretch: Stretch, found: Found): void {
  const { fromA, toA, fromB, toB } = stretch
  if ((toA - fromA) * (toB - fromB) <= maximumTable) longestCommon(a, b, stretch, found)
  else nextSame(a, b, stretch, found)
}

function longestCommon(a: readonly string[], b: readonly string[], stretch: Stretch, found: Found): void {
  const { fromA, toA, fromB, toB } = stretch
  const width = toB - fromB + 1
  /** Of what is left from a cell on, how much is common. */
  const table = new Uint32Array((toA - fromA + 1) * width)
  const at = (indexA: number, indexB: number) => (indexA - fromA) * width + indexB - fromB
  for (let indexA = toA - 1; indexA >= fromA; indexA--) {
    for (let indexB = toB - 1; indexB >= fromB; indexB--) {
      table[at(indexA, indexB)] =
        a[indexA] === b[indexB]
          ? (table[at(indexA + 1, indexB + 1)] ?? 0) + 1
          : Math.max(table[at(indexA + 1, indexB)] ?? 0, table[at(indexA, indexB + 1)] ?? 0)
    }
  }
  let [indexA, indexB] = [fromA, fromB]
  while (indexA < toA && indexB < toB) {
    if (a[indexA] === b[indexB]) found.push([indexA++, indexB++])
    else if ((table[at(indexA + 1, indexB)] ?? 0) >= (table[at(indexA, indexB + 1)] ?? 0)) indexA++
    else indexB++
  }
}

/** Takes for each item the next same one, if it is near. */
function nextSame(a: readonly string[], b: readonly string[], stretch: Stretch, found: Found): void {
  let next = stretch.fromB
  for (let indexA = stretch.fromA; indexA < stretch.toA && next < stretch.toB; indexA++) {
    const end = Math.min(stretch.toB, next + lookAhead)
    for (let indexB = next; indexB < end; indexB++) {
      if (a[indexA] !== b[indexB]) continue
      found.push([indexA, indexB])
      next = indexB + 1
      break
    }
  }
}
