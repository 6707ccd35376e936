import { formatDuration } from '../../core/duration.ts'
import type { BisectionRecord } from '../../core/bisection-record.ts'

/** What a bisection may cost at most; what is not there has no limit. */
export interface Budget {
  readonly timeMs?: number | undefined
  readonly powerCycles?: number | undefined
  readonly builds?: number | undefined
}

/** What it has cost so far, as a sentence, where that is all it may. */
export function overBudget(
  { timeMs = Infinity, powerCycles = Infinity, builds = Infinity }: Budget,
  record: BisectionRecord,
): string | undefined {
  const cycles = record.probes.reduce((sum, probe) => sum + probe.powerCycles, 0)
  const built = record.builds.filter(({ isCached }) => isCached !== true).length
  if (record.activeMs >= timeMs) return timeUsedUp({ timeMs })
  if (cycles >= powerCycles) return `the boards were powered ${cycles} times, which is the limit`
  if (built >= builds) return `${built} kernels were built, which is the limit`
  return undefined
}

export function timeUsedUp({ timeMs = 0 }: Pick<Budget, 'timeMs'>): string {
  return `the time of ${formatDuration(timeMs)} is used up`
}
