import {
  isRevert,
  resultsOf,
  type Bisection,
  type CommitResults,
  type Results,
} from '../../../src/bisect/search/bisection.ts'
import { CommitGraph, type CommitNode } from '../../../src/bisect/search/commit-graph.ts'
import { decide, type Conclusion } from '../../../src/bisect/search/decide.ts'
import type { Change } from '../../../src/bisect/search/evidence.ts'
import { seededRandom } from '../../../src/history/statistics/random.ts'
import { goodEnd, syntheticHistory, type HistoryShape } from './synthetic-history.ts'

/** A history with a planted change, and a bench of a given quality. */
export interface Planted extends HistoryShape {
  readonly change?: Change
  /** How often the failure shows where the bug is. @default 1 */
  readonly failureRate?: number
  /** What share of commits does not build. @default 0 */
  readonly unbuildable?: number
  /** What share of runs fails by the fault of the bench. @default 0 */
  readonly infrastructure?: number
  /** @default 1 */
  readonly boards?: number
  /** @default 0.99 */
  readonly confidence?: number
}

export interface Simulated {
  readonly culprit: string
  readonly conclusion: Conclusion
  /** Rounds in which all boards ran once, of the search alone. */
  readonly searchRounds: number
  /** All runs, those of ends and checks included. */
  readonly runs: number
  readonly isRight: boolean
  /** Right, or a set of candidates that has the culprit. */
  readonly isHonest: boolean
}

/** Bisects a synthetic history with the real search and a bench that is made up. */
export function simulate(planted: Planted): Simulated {
  const { change = 'regression', failureRate = 1, infrastructure = 0, boards = 1 } = planted
  const commits = syntheticHistory(planted)
  const random = seededRandom(planted.seed + 0x5eed)
  const graph = new CommitGraph(commits)
  const culprit = Math.floor(random() * graph.size)
  const broken = new Set(graph.ids.slice(0, -1).filter(() => random() < (planted.unbuildable ?? 0)))
  const bisection = bisectionOf(commits, graph, change, planted.confidence ?? 0.99)

  let results: Results = new Map()
  let [searchRounds, runs] = [0, 0]
  for (;;) {
    const decision = decide(bisection, results, { running: [], boards })
    if (decision.kind === 'concluded') {
      const { conclusion } = decision
      const id = graph.idOf(culprit)
      const named =
        conclusion.kind === 'found'
          ? [conclusion.commit]
          : conclusion.kind === 'narrowed'
            ? conclusion.commits
            : []
      return {
        ...{ culprit: id, conclusion, searchRounds, runs },
        isRight: conclusion.kind === 'found' && conclusion.commit === id,
        isHonest: named.includes(id),
      }
    }
    if (decision.probes.length === 0)
      throw new Error(`seed ${planted.seed}: nothing to run, and no conclusion`)
    if (decision.probes.some(({ purpose }) => purpose === 'search')) searchRounds++
    for (const { commit } of decision.probes) {
      runs++
      if (random() >= infrastructure) results = withResult(results, commit, outcome(commit))
    }
    if (runs > longest) throw new Error(`seed ${planted.seed}: no conclusion after ${longest} runs`)
  }

  function outcome(commit: string): Partial<CommitResults> {
    const before = resultsOf(results, commit)
    if (isRevert(commit)) return { passes: before.passes + 1 }
    if (broken.has(commit)) return { obstacle: 'it does not build' }
    const index = graph.indexOf(commit)
    const hasChange = index !== undefined && graph.ancestorsOf(index)[culprit] === 1
    const hasBug = hasChange === (change === 'regression')
    return hasBug && random() < failureRate
      ? { failures: before.failures + 1 }
      : { passes: before.passes + 1 }
  }
}

const longest = 20_000

function bisectionOf(
  commits: readonly CommitNode[],
  graph: CommitGraph,
  change: Change,
  confidence: number,
): Bisection {
  const top = graph.idOf(graph.size - 1)
  const parents = new Map(commits.map((commit) => [commit.id, commit.parents]))
  return {
    search: { graph, change },
    failingEnd: change === 'regression' ? top : goodEnd,
    passingEnds: [change === 'regression' ? goodEnd : top],
    ...{ confidence, checks: 3, patience: 200, revert: true },
    parentsOf: (commit) => parents.get(commit) ?? [],
  }
}

function withResult(results: Results, commit: string, change: Partial<CommitResults>): Results {
  return new Map(results).set(commit, { ...resultsOf(results, commit), ...change })
}
