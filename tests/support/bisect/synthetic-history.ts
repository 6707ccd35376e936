import type { CommitNode } from '../../../src/bisect/search/commit-graph.ts'
import { seededRandom } from '../../../src/history/statistics/random.ts'

export interface HistoryShape {
  /** How many commits there are about, the bad end included. */
  readonly size: number
  /** How many of them are merges: 0 is a line. */
  readonly merges: number
  readonly seed: number
}

/** What all synthetic histories begin on; it is not among their commits. */
export const goodEnd = 'good'

/** Commits parents first, each on one of the last few, some of them merges; the last one contains them all. */
export function syntheticHistory({ size, merges, seed }: HistoryShape): readonly CommitNode[] {
  const random = seededRandom(seed)
  const commits: CommitNode[] = []
  for (let index = 0; index < size; index++) {
    const recent = (merges === 0 ? [1] : [1, 2, 3, 4]).map((back) => index - back).filter((each) => each >= 0)
    const pick = () => recent[Math.floor(random() * recent.length)]
    const [first, second] = [pick(), random() < merges ? pick() : undefined]
    const parents = [...new Set([first, second])].flatMap((each) => (each === undefined ? [] : [name(each)]))
    commits.push({ id: name(index), parents: parents.length > 0 ? parents : [goodEnd] })
  }
  const used = new Set(commits.flatMap(({ parents }) => parents))
  const heads = commits.filter(({ id }) => !used.has(id)).map(({ id }) => id)
  return heads.length > 1 ? [...commits, { id: name(size), parents: heads }] : commits
}

function name(index: number): string {
  return `c${index}`
}
