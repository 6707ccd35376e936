import type { SearchProblem } from '../../bisect/search/evidence.ts'
import { suspectCount, withoutLuck, type Suspicion } from '../../bisect/search/suspicion.ts'
import type { BisectionRecord } from '../../core/bisection-record.ts'
import type { Remaining } from '../../report/bisect/bisection-update.ts'
import { expectedTimes } from './times.ts'

/** How many runs the checks at the end are as a rule. */
const checkRuns = 6

/**
 * What is left to do, as far as it can be said.
 * @returns undefined before both ends were run
 */
export function remainingOf(
  { graph }: SearchProblem,
  record: BisectionRecord,
  suspicion: Suspicion | undefined,
): Remaining | undefined {
  const hasPassed = record.ends.passing.every((end) =>
    record.probes.some(({ commit, outcome }) => commit === end && outcome === 'pass'),
  )
  if (suspicion === undefined || record.signature === undefined || !hasPassed) return undefined
  const { of } = suspicion
  const probability = of.reduce((most, each) => Math.max(most, each), 0)
  const commits = suspectCount(withoutLuck(suspicion))
  const boards = record.boards.length - Object.keys(record.boardsOut).length
  const rounds = Math.ceil(Math.log(Math.max(1, commits)) / Math.log(boards + 1))
  const times = expectedTimes(record, new Set())
  // At the end the named commit and its parent are run some times more.
  const ms = times && rounds * (times.run + times.build) + (checkRuns / Math.max(1, boards)) * times.run
  return {
    commits,
    likeliest: graph.idOf(of.indexOf(probability)),
    probability,
    rounds,
    ...(ms !== undefined && { ms }),
  }
}
