import { formatDuration } from '../../core/duration.ts'
import type { BisectionRecord } from '../../core/bisection-record.ts'

/** What a bisection may cost at most before it stops, and each time that it goes on; what is not there has no limit. */
export interface Budget {
  readonly timeMs?: number | undefined
  readonly powerCycles?: number | undefined
  readonly builds?: number | undefined
}

/**
 * What it has cost, as a sentence, where that is all it may.
 * @param before where it went on: what it had cost by then was allowed before
 */
export function overBudget(
  { timeMs = Infinity, powerCycles = Infinity, builds = Infinity }: Budget,
  record: BisectionRecord,
  before: BisectionRecord,
): string | undefined {
  const cycles = cyclesOf(record) - cyclesOf(before)
  const built = builtIn(record) - builtIn(before)
  if (record.activeMs - before.activeMs >= timeMs) return timeUsedUp({ timeMs })
  if (cycles >= powerCycles) return `the boards were powered ${cycles} times, which is the limit`
  if (built >= builds) return `${built} kernels were built, which is the limit`
  return undefined
}

export function timeUsedUp({ timeMs = 0 }: Pick<Budget, 'timeMs'>): string {
  return `the time of ${formatDuration(timeMs)} is used up`
}

function cyclesOf({ probes }: BisectionRecord): number {
  return probes.reduce((sum, probe) => sum + probe.powerCycles, 0)
}

function builtIn({ builds }: BisectionRecord): number {
  return builds.filter(({ isCached }) => isCached !== true).length
}
