import type { SearchProblem } from '../../bisect/search/evidence.ts'
import { suspectCount, withoutLuck, type Suspicion } from '../../bisect/search/suspicion.ts'
import type { BisectionRecord } from '../../core/bisection-record.ts'
import type { Remaining } from '../../report/bisect/bisection-update.ts'
import { boardsOf, checkRuns, roundsFor, type Workload } from './estimate.ts'
import { expectedTimes } from './times.ts'

/**
 * What is left to do, as far as it can be said.
 * @returns undefined before both ends were run
 */
export function remainingOf(
  { graph }: SearchProblem,
  record: BisectionRecord,
  workload: Workload,
  suspicion: Suspicion | undefined,
): Remaining | undefined {
  const hasPassed = record.ends.passing.every((end) =>
    record.probes.some(({ commit, outcome }) => commit === end && outcome === 'pass'),
  )
  if (suspicion === undefined || record.signature === undefined || !hasPassed) return undefined
  const { of } = suspicion
  const probability = of.reduce((most, each) => Math.max(most, each), 0)
  const commits = suspectCount(withoutLuck(suspicion))
  const boards = boardsOf(record)
  const rounds = roundsFor(commits, boards)
  const times = expectedTimes(record, new Set())
  // At the end the named commit and its parent are run some times more.
  const ms =
    times && rounds * (times.run + boards * times.build) + (checkRuns(record, workload) / boards) * times.run
  return {
    commits,
    likeliest: graph.idOf(of.indexOf(probability)),
    probability,
    rounds,
    ...(ms !== undefined && { ms }),
  }
}
