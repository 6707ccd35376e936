import type { Repository } from '../../commits/git/repository.ts'
import { parseWholeDiff } from './commit-diff.ts'
import type { NamedCommit } from './doubts.ts'

/** No file is longer. */
const wholeFile = 1_000_000_000

export async function readNamedCommit({ git }: Repository, commit: string): Promise<NamedCommit> {
  const [subject = '', parents = ''] = (
    await git.run(['log', '--no-walk', '--format=%s%n%P', commit, '--'])
  ).split('\n')
  const how = ['--format=', '--no-renames', '--no-color', '--no-ext-diff', '--no-textconv']
  return {
    subject,
    parents: parents.split(' ').filter((parent) => parent !== '').length,
    tags: (await git.run(['tag', '--points-at', commit])).split('\n').filter((tag) => tag !== ''),
    files: parseWholeDiff(await git.run(['show', ...how, `--unified=${wholeFile}`, commit, '--'])),
  }
}
