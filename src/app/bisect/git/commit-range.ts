import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { HilError } from '../../../core/errors.ts'
import type { CommitRange, RangeCommit } from '../commit-range.ts'
import { describeCommits } from './describe-commits.ts'
import { findOrigins } from './branch-origins.ts'
import type { Ends } from './ends.ts'
import type { Repository } from '../../commits/git/repository.ts'
import { unshallow } from '../../commits/git/revisions.ts'

export interface RangeOptions {
  /** What was merged counts as one commit, which is the merge. */
  readonly firstParent: boolean
  /** Only commits that touch these, as git's pathspecs; empty: all. */
  readonly paths: readonly string[]
  /** Whether it is to be found out where branches began: what else than the earlier end a fix may have been made on. */
  readonly origins: boolean
}

/**
 * All commits that may have made the change: those that the later end has and the earlier ones have not.
 * @throws HilError `bisect.no-commits`, `bisect.history-cut-off` (environment)
 */
export async function readRange(
  repository: Repository,
  ends: Ends,
  options: RangeOptions,
): Promise<CommitRange> {
  const { git } = repository
  const { earlier, mergeBases, later } = ends
  const touching = await listCommits(repository, ends, options)
  if (touching.length === 0) throw await noCommits(repository, ends, options.paths)
  await assertWhole(repository, touching)
  const isLaterMissing = touching.at(-1)?.id !== later
  const outside = await readCommits(repository, [
    ...earlier,
    ...mergeBases,
    ...(isLaterMissing ? [later] : []),
  ])
  const own = new Set(touching.map(({ id }) => id))
  const tip = touching.at(-1)?.id ?? later
  const added = outside.filter(({ id }) => id === later).map((commit) => ({ ...commit, parents: [tip] }))
  const commits = [...touching, ...added]
  return {
    commits,
    earlierEnds: [...earlier, ...mergeBases],
    excluded: new Set(added.map(({ id }) => id)),
    origins: options.origins ? await findOrigins(repository, ends, commits) : new Map(),
    trees: new Map([...touching, ...outside].map(({ id, tree }) => [id, tree])),
    describe: (commits) => describeCommits(repository, commits),
    parentsOf: async (commit) => {
      const parents = (await git.run(['rev-list', '--parents', '--max-count=1', commit, '--']))
        .split(' ')
        .slice(1)
      // What was merged is a part of the merge.
      return options.firstParent && own.has(commit) ? parents.slice(0, 1) : parents
    },
  }
}

interface ListedCommit extends RangeCommit {
  /** Of its files: the same for two commits with the same content. */
  readonly tree: string
}

const format = '--format=%H %T %P'

async function listCommits(
  { git }: Repository,
  { earlier, later }: Ends,
  { firstParent, paths }: RangeOptions,
): Promise<readonly ListedCommit[]> {
  const how = ['--topo-order', '--reverse', '--parents', ...(firstParent ? ['--first-parent'] : [])]
  const which = [later, ...earlier.map((commit) => `^${commit}`), '--', ...paths]
  const commits: ListedCommit[] = []
  for await (const line of git.lines(['log', format, ...how, ...which])) {
    const commit = parseCommit(line)
    // All parents are told, those as well that are not followed.
    commits.push(firstParent ? { ...commit, parents: commit.parents.slice(0, 1) } : commit)
  }
  return commits
}

async function readCommits({ git }: Repository, ids: readonly string[]): Promise<readonly ListedCommit[]> {
  const text = await git.run(['log', format, '--no-walk=unsorted', ...ids, '--'])
  return text.split('\n').map(parseCommit)
}

function parseCommit(line: string): ListedCommit {
  const [id = '', tree = '', ...parents] = line.split(' ')
  return { id, tree, parents: parents.filter((parent) => parent !== '') }
}

/** Where a history was cut off, commits have no parents: all that is behind would seem to be new. */
async function assertWhole(
  { isShallow, commonDirectory, directory }: Repository,
  commits: readonly ListedCommit[],
): Promise<void> {
  if (!isShallow) return
  const cuts = new Set((await readFile(join(commonDirectory, 'shallow'), 'utf8')).split('\n'))
  const cut = commits.find(({ id }) => cuts.has(id))
  if (cut === undefined) return
  throw new HilError(
    'bisect.history-cut-off',
    `the history in ${directory} is cut off between the two ends, at ${cut.id.slice(0, 12)}: ${unshallow}`,
    { blame: 'environment', details: { directory, commit: cut.id } },
  )
}

async function noCommits(repository: Repository, ends: Ends, paths: readonly string[]): Promise<HilError> {
  const { directory } = repository
  const names = paths.join(' ')
  const unknown = await pathsNowhere(repository, ends, paths)
  const sentence =
    unknown.length > 0
      ? `${directory} has no ${unknown.join(' ')} (--paths) at either end`
      : `no commit between the two ends touches ${names} (--paths): look without --paths`
  return new HilError('bisect.no-commits', sentence, { blame: 'environment', details: { directory, paths } })
}

/** Those that neither end has, patterns apart. */
async function pathsNowhere({ git }: Repository, { earlier, later }: Ends, paths: readonly string[]) {
  const missing: string[] = []
  for (const path of paths.filter((each) => !/^:|[*?[]/.test(each))) {
    const found = await Promise.all([later, ...earlier].map((end) => git.run(['ls-tree', end, '--', path])))
    if (found.every((text) => text === '')) missing.push(path)
  }
  return missing
}
