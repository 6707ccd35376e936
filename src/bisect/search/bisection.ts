import type { Evidence, SearchProblem } from './evidence.ts'

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

/** The runs that say something about the change: those of reverts do not. */
export function evidenceOf(results: Results): readonly Evidence[] {
  return [...new Set(results.values())].filter(
    ({ commit, failures, passes }) => failures + passes > 0 && !isRevert(commit),
  )
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
