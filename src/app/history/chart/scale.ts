/** Where values lie on an axis. */
export interface Scale {
  readonly from: number
  readonly to: number
  /** Round values to write on it. */
  readonly ticks: readonly number[]
}

/** How much greater than nearly all others a value must be for the axis to end before it. */
const farOut = 2

/** An axis for values; a few that are far out must not flatten all others, so it can end before them. */
export function scaleFor(values: readonly number[]): Scale {
  const sorted = values.toSorted((a, b) => a - b)
  const most = sorted[Math.ceil(0.95 * sorted.length) - 1] ?? 0
  const lowest = sorted[0] ?? 0
  const highest = Math.min(sorted.at(-1) ?? 0, farOut * most)
  const room = Math.max(highest - lowest, 0.1 * highest, 1) * 0.15
  const step = Math.max(1, roundStep((highest - lowest + 2 * room) / 3))
  const [from, to] = [Math.max(0, lowest - room), highest + room]
  const first = Math.ceil(from / step)
  const count = Math.max(0, Math.floor(to / step) - first + 1)
  return { from, to, ticks: Array.from({ length: count }, (_, index) => (first + index) * step) }
}

/** 1, 2 or 5 times a power of ten, near to `step`. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step))
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= step * 0.8) ?? 10
  return factor * power
}
