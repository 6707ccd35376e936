import type { EarlierNight, NightCell, NightRecord } from '../../core/night-record.ts'
import { isAmiss } from './night-words.ts'

/** What is different from an earlier night; each cell is in one of the lists at most. */
export interface NightComparison {
  /** The earlier night; ISO 8601. */
  readonly startedAt: string
  readonly directory: string
  /** Fail now and did not then, for a reason that is not the bench's. */
  readonly newFailures: readonly NightCell[]
  /** The bench failed them, or they were given up, and did not then. */
  readonly newTrouble: readonly NightCell[]
  readonly fixed: readonly NightCell[]
  /** Passed at the second try, and not then. */
  readonly flaky: readonly NightCell[]
  readonly slowerBoots: readonly SlowerBoot[]
  /** Failed then, too. */
  readonly stillFailing: number
}

export interface SlowerBoot {
  readonly cell: NightCell
  readonly wasMs: number
  readonly isMs: number
}

/** A boot counts as slower by this share, and by this time at least: less is what a busy bench makes of it. */
const slowerShare = 0.2
const slowerMs = 2000

/**
 * What has changed since an earlier night. What is new in the plan and fails counts as new.
 * @param usualBoots how long cells take to boot in most nights, in milliseconds
 */
export function compareNights(
  record: NightRecord,
  earlier: EarlierNight,
  usualBoots: ReadonlyMap<string, number>,
): NightComparison {
  const before = new Map(earlier.cells.map((cell) => [cell.id, cell]))
  const wasAmiss = ({ id }: NightCell) => {
    const outcome = before.get(id)?.outcome
    return outcome !== undefined && isAmiss({ outcome })
  }
  const now = record.cells.filter(isAmiss)
  const isOfBench = ({ outcome, blame }: NightCell) =>
    outcome === 'not-run' || blame === 'infrastructure' || blame === 'hil'
  const fresh = now.filter((cell) => !wasAmiss(cell))
  const passed = record.cells.filter(({ outcome }) => outcome === 'passed' || outcome === 'flaky')
  return {
    startedAt: new Date(earlier.startedAt).toISOString(),
    directory: earlier.directory,
    newFailures: fresh.filter((cell) => !isOfBench(cell)),
    newTrouble: fresh.filter(isOfBench),
    fixed: passed.filter(wasAmiss),
    flaky: passed.filter(
      (cell) => cell.outcome === 'flaky' && !wasAmiss(cell) && before.get(cell.id)?.outcome !== 'flaky',
    ),
    slowerBoots: passed
      .filter((cell) => cell.outcome === 'passed' && !wasAmiss(cell))
      .flatMap((cell) => {
        const [then, isMs] = [before.get(cell.id)?.bootMs, bootOf(cell)]
        // One night says little: a boot is slow beside what is usual.
        const wasMs = usualBoots.get(cell.id) ?? then
        if (wasMs === undefined || isMs === undefined || !isSlower(isMs, wasMs)) return []
        const wasSlowThen = then !== undefined && isSlower(then, wasMs)
        return wasSlowThen ? [] : [{ cell, wasMs, isMs }]
      }),
    stillFailing: now.length - fresh.length,
  }
}

function isSlower(isMs: number, wasMs: number): boolean {
  return isMs - wasMs >= Math.max(slowerMs, slowerShare * wasMs)
}

/** Whether there is anything to tell of. */
export function hasNews({ newFailures, newTrouble, fixed, flaky, slowerBoots }: NightComparison): boolean {
  return [newFailures, newTrouble, fixed, flaky, slowerBoots].some(({ length }) => length > 0)
}

export function bootOf({ attempts }: NightCell): number | undefined {
  return attempts.at(-1)?.bootMs
}
