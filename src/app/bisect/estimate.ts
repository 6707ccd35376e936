import { failuresToMeasure, passesNeeded } from '../../bisect/search/missing-runs.ts'
import type { BisectionRecord } from '../../core/bisection-record.ts'
import { formatDuration } from '../../core/duration.ts'
import type { Estimate } from '../../report/bisect/bisection-update.ts'
import type { BisectSettings } from './settings.ts'
import { measuredIn, type Durations } from './times.ts'

/** What of the settings decides how much there is to do. */
export type Workload = Pick<BisectSettings, 'checks' | 'revert' | 'budget'>

/**
 * What a bisection takes if the failure shows in every run, and nothing goes wrong: for whoever has to decide whether to
 * wait for it, before anything was run.
 *
 * @param earlier how long things took before; what this one has measured itself counts for more
 */
export function estimateOf(record: BisectionRecord, workload: Workload, earlier: Durations): Estimate {
  const { ends, rangeSize, source, confidenceWanted } = record
  const boards = boardsOf(record)
  const rounds = roundsFor(rangeSize, boards)
  const passing = ends.passing.length
  const passes = passesNeeded(
    { failures: failuresToMeasure.always, passes: 0 },
    (1 - confidenceWanted) / Math.max(1, passing),
  )
  const searched = Math.min(rounds * boards, Math.max(0, rangeSize - 1))
  const endRuns = failuresToMeasure.always + passing * passes
  const runs = endRuns + searched + checkRuns(record, workload)
  const isBuilt = source.kind !== 'payloads'
  const builds = isBuilt ? 1 + passing + searched + (hasRevert(record, workload) ? 1 : 0) : 0
  const { run, build = isBuilt ? undefined : 0 } = { ...earlier, ...measuredIn(record) }
  // Only one kernel is built at a time; boards run theirs at once.
  const ms =
    run === undefined || build === undefined
      ? undefined
      : builds * build + (rounds + (endRuns + checkRuns(record, workload)) / boards) * run
  return {
    ...{ rounds, runs, builds, ...(ms !== undefined && { ms }) },
    beyond: beyond(workload.budget, { runs, builds, ms }),
  }
}

/** Each round parts what is left in one part more than there are boards. */
export function roundsFor(commits: number, boards: number): number {
  return Math.ceil(Math.log(Math.max(1, commits)) / Math.log(boards + 1))
}

/** How many runs the checks at the end are as a rule: one of the commit and of its parent was made in the search. */
export function checkRuns(
  record: Pick<BisectionRecord, 'change'>,
  workload: Pick<Workload, 'checks' | 'revert'>,
): number {
  const { checks } = workload
  return 2 * Math.max(0, checks - 1) + (hasRevert(record, workload) ? checks : 0)
}

export function boardsOf({ boards, boardsOut }: BisectionRecord): number {
  return Math.max(1, boards.length - Object.keys(boardsOut).length)
}

function hasRevert(
  { change }: Pick<BisectionRecord, 'change'>,
  { revert }: Pick<Workload, 'revert'>,
): boolean {
  return revert && change === 'regression'
}

/** Limits that won't do, as they were typed. */
function beyond(
  { timeMs = Infinity, builds = Infinity, powerCycles = Infinity }: Workload['budget'],
  needed: { readonly runs: number; readonly builds: number; readonly ms: number | undefined },
): readonly string[] {
  return [
    ...((needed.ms ?? 0) > timeMs ? [`--max-time ${formatDuration(timeMs)}`] : []),
    ...(needed.builds > builds ? [`--max-builds ${builds}`] : []),
    ...(needed.runs > powerCycles ? [`--max-power-cycles ${powerCycles}`] : []),
  ]
}
