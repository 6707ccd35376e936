import type { BisectionRecord } from '../../../core/bisection-record.ts'
import { HilError } from '../../../core/errors.ts'
import type { Repository } from '../../commits/git/repository.ts'
import { resolveCommit, unshallow } from '../../commits/git/revisions.ts'

/** Both ends as a person typed them: for a regression the earlier ones are good, and the later one is bad. */
export interface TypedEnds extends Pick<BisectionRecord, 'change' | 'terms'> {
  readonly earlier: readonly string[]
  readonly later: string
}

export interface Ends {
  /** As they were typed. */
  readonly earlier: readonly string[]
  /**
   * Where the history of the later end leaves that of the earlier ones, if it does: unless these commits are as the
   * earlier ends are, the change was made on the way to an earlier end, and is not between the two.
   */
  readonly mergeBases: readonly string[]
  readonly later: string
}

/**
 * Finds the ends of a bisection, and how they are related.
 * @throws HilError `commits.unknown-revision`, `bisect.same-ends`, `bisect.swapped-ends`, `bisect.unrelated-ends` (environment)
 */
export async function resolveEnds(repository: Repository, typed: TypedEnds): Promise<Ends> {
  const later = await resolveCommit(repository, typed.later)
  const earlier: string[] = []
  for (const revision of typed.earlier) {
    const commit = await resolveCommit(repository, revision)
    if (commit === later) throw sameEnds(typed, revision, later)
    if (await isAncestor(repository, later, commit)) throw swappedEnds(typed, revision)
    earlier.push(commit)
  }
  const bases = await mergeBases(repository, later, earlier)
  if (bases.length === 0) throw unrelated(repository, typed)
  return { later, earlier, mergeBases: bases.filter((commit) => !earlier.includes(commit)) }
}

async function isAncestor({ git }: Repository, commit: string, of: string): Promise<boolean> {
  const { exitCode } = await git.ask(['merge-base', '--is-ancestor', commit, of], { answers: [0, 1] })
  return exitCode === 0
}

async function mergeBases({ git }: Repository, later: string, earlier: readonly string[]) {
  const { stdout } = await git.ask(['merge-base', '--all', later, ...earlier], { answers: [0, 1] })
  return stdout.split('\n').filter((line) => line !== '')
}

function sameEnds({ terms, later }: TypedEnds, earlier: string, commit: string): HilError {
  const which = earlier === later ? 'the same' : `the same commit, ${commit.slice(0, 12)}`
  return wrongEnds(
    'bisect.same-ends',
    `${JSON.stringify(earlier)} (${terms.old}) and ${JSON.stringify(later)} (${terms.new}) are ${which}: there is nothing between them`,
    { earlier, later },
  )
}

function swappedEnds({ terms, later, change }: TypedEnds, earlier: string): HilError {
  const otherwise =
    change === 'regression' ? 'look for a fix (--fixed)' : 'look for what broke it (without --fixed)'
  return wrongEnds(
    'bisect.swapped-ends',
    `${JSON.stringify(later)} (${terms.new}) is an ancestor of ${JSON.stringify(earlier)} (${terms.old}): did you swap them, or ${otherwise}?`,
    { earlier, later },
  )
}

function unrelated({ isShallow }: Repository, { terms, earlier, later }: TypedEnds): HilError {
  const names = earlier.map((revision) => JSON.stringify(revision)).join(', ')
  const why = isShallow
    ? `the history of this clone is cut off: ${unshallow}`
    : 'nothing leads from one to the other'
  return wrongEnds(
    'bisect.unrelated-ends',
    `${names} (${terms.old}) and ${JSON.stringify(later)} (${terms.new}) have no commit in common: ${why}`,
    { earlier, later },
  )
}

function wrongEnds(code: string, sentence: string, details: Readonly<Record<string, unknown>>): HilError {
  return new HilError(code, sentence, { blame: 'environment', details })
}
