import type { CommitNode } from './commit-graph.ts'
import type { Change, Evidence, SearchProblem } from './evidence.ts'
import { toProblem, type SearchRange } from './range.ts'

/** What is to be found out, and how surely. */
export interface Bisection {
  readonly search: SearchProblem
  /** The commit whose kernel must fail: where the range ends for a regression, behind its beginning for a fix. */
  readonly failingEnd: string
  /** Commits whose kernels must pass: the other end, and where its history leaves that of the failing end. */
  readonly passingEnds: readonly string[]
  /** How sure the answer has to be: 0.99 is wrong once in a hundred bisections. */
  readonly confidence: number
  /** How often the culprit has to fail and its parents have to pass before it is named. */
  readonly checks: number
  /** After how many runs of an end that do not come to what they should the bisection is given up. */
  readonly patience: number
  /** All parents of a commit of the range, those behind its known end included. */
  readonly parentsOf: (commit: string) => readonly string[]
  /** Whether the culprit, taken back on top of the failing end, has to pass too. */
  readonly revert: boolean
}

/** A bisection as plain data, for another thread. */
export interface BisectionPlan extends Omit<Bisection, 'search' | 'parentsOf'> {
  readonly change: Change
  readonly range: SearchRange
  /** What is behind the range. */
  readonly earlierEnds: readonly string[]
}

export function toBisection({ change, range, earlierEnds, ...rest }: BisectionPlan): Bisection {
  const parents = new Map(range.commits.map((commit: CommitNode) => [commit.id, commit.parents]))
  return {
    ...rest,
    search: toProblem(range, change),
    // Where looking at some paths only leaves none, what is before is behind the range.
    parentsOf: (commit) => {
      const known = parents.get(commit) ?? []
      return known.length > 0 ? known : earlierEnds
    },
  }
}

/** What all runs of one commit, or of one revert, came to. */
export interface CommitResults extends Evidence {
  /** Runs that failed, but not in the way that is looked for. */
  readonly otherFailures: number
  /** Why it can't be tested at all: it does not build, say. */
  readonly obstacle?: string
}

/** Everything that runs came to, by commit; commits with the same kernel have the same results, which count once. */
export type Results = ReadonlyMap<string, CommitResults>

/** After so many failures of another kind, and none that says anything, a commit can't be tested. */
const otherFailuresUntilSkipped = 2

export function resultsOf(results: Results, commit: string): CommitResults {
  return results.get(commit) ?? { commit, failures: 0, passes: 0, otherFailures: 0 }
}

export function isUntestable({ failures, passes, otherFailures, obstacle }: CommitResults): boolean {
  return failures + passes === 0 && (obstacle !== undefined || otherFailures >= otherFailuresUntilSkipped)
}

/**
 * The runs that say something about the change. Those of reverts do not, nor do those of where branches began: whether
 * the bug was there is another question than what mended it.
 */
export function evidenceOf(results: Results, { origins }: SearchProblem): readonly Evidence[] {
  const beginnings = new Set(origins?.values())
  return [...new Set(results.values())].filter(
    ({ commit, failures, passes }) => failures + passes > 0 && !isRevert(commit) && !beginnings.has(commit),
  )
}

/** Commits of which it is not known that the bug was there already where their branch began. */
export function perhapsNotIntroduced(results: Results, { origins }: SearchProblem): readonly string[] {
  return [...(origins ?? [])]
    .filter(([, origin]) => resultsOf(results, origin).failures === 0)
    .map(([commit]) => commit)
}

/** Names the kernel of `head` in which `culprit` is taken back. */
export function revertId(culprit: string, head: string): string {
  return `revert ${culprit} on ${head}`
}

export function isRevert(id: string): boolean {
  return id.startsWith('revert ')
}

/** The commits that a `revertId` was made of. */
export function partsOfRevert(id: string): { readonly culprit: string; readonly head: string } {
  const [, culprit = '', , head = ''] = id.split(' ')
  return { culprit, head }
}
