import type { RangeCommit } from '../commit-range.ts'
import type { Ends } from './ends.ts'
import type { Repository } from '../../commits/git/repository.ts'

/**
 * Commits that do not contain the earlier end, because their branch began before it, and where it began: the newest
 * commit of the earlier end's history that they contain.
 *
 * @param commits parents before children; parents that are not among them are of the earlier end's history
 */
export async function findOrigins(
  repository: Repository,
  { earlier, later }: Pick<Ends, 'earlier' | 'later'>,
  commits: readonly RangeCommit[],
): Promise<ReadonlyMap<string, string>> {
  const { git } = repository
  const [end = ''] = earlier
  const containing = new Set<string>()
  for await (const line of git.lines(['rev-list', '--ancestry-path', later, `^${end}`, '--']))
    containing.add(line)
  const beside = commits.filter(({ id }) => !containing.has(id))
  if (beside.length === 0) return new Map()

  const own = new Set(commits.map(({ id }) => id))
  const outside = [...new Set(beside.flatMap(({ parents }) => parents.filter((parent) => !own.has(parent))))]
  const rank = new Map((await newestFirst(repository, outside)).map((id, index) => [id, index]))
  const rankOf = (id: string) => rank.get(id) ?? Infinity
  const origins = new Map<string, string>()
  for (const { id, parents } of beside) {
    const [newest] = parents
      .flatMap((parent) => origins.get(parent) ?? (own.has(parent) ? [] : [parent]))
      .toSorted((a, b) => rankOf(a) - rankOf(b))
    if (newest !== undefined) origins.set(id, newest)
  }
  return origins
}

async function newestFirst({ git }: Repository, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return []
  return (
    await git.run(['log', '--format=%H', '--no-walk=sorted', '--stdin'], { input: ids.join('\n') })
  ).split('\n')
}
