import { HilError } from '../../../core/errors.ts'
import type { Repository } from '../../commits/git/repository.ts'
import { resolveCommit } from '../../commits/git/revisions.ts'

/**
 * The commits that are not to be tried, as `git bisect skip` reads them: single ones, and ranges `A..B`, which begin
 * after A and end with B.
 * @throws HilError `commits.unknown-revision`, `bisect.skip-range` (environment)
 */
export async function resolveSkipped(
  repository: Repository,
  specs: readonly string[],
): Promise<ReadonlySet<string>> {
  const skipped = new Set<string>()
  for (const spec of specs) {
    for (const commit of await commitsOf(repository, spec)) skipped.add(commit)
  }
  return skipped
}

async function commitsOf(repository: Repository, spec: string): Promise<readonly string[]> {
  const place = spec.indexOf('..')
  if (place < 0) return [await resolveCommit(repository, spec)]
  if (spec.includes('...')) throw wrongRange(spec, 'a range has two dots, and begins after its first commit')
  const from = await resolveCommit(repository, spec.slice(0, place))
  const to = await resolveCommit(repository, spec.slice(place + 2))
  const commits = await repository.git.run(['rev-list', to, `^${from}`, '--'])
  if (commits === '') throw wrongRange(spec, 'there is nothing in it; did you swap its ends?')
  return commits.split('\n')
}

function wrongRange(spec: string, why: string): HilError {
  return new HilError('bisect.skip-range', `--skip ${spec} names no commits: ${why}`, {
    blame: 'environment',
    details: { spec },
  })
}
