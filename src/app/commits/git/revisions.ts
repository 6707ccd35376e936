import { HilError } from '../../../core/errors.ts'
import { didYouMean } from '../../../core/did-you-mean.ts'
import type { Repository } from './repository.ts'

/**
 * The commit that a person means by `v6.17`, `HEAD~3` or `1f2e3d4c`.
 * @throws HilError `commits.unknown-revision` (environment)
 */
export async function resolveCommit(repository: Repository, revision: string): Promise<string> {
  // Git would take it for an option of its own.
  if (revision === '' || revision.startsWith('-')) throw await unknown(repository, revision)
  const { exitCode, stdout, stderr } = await repository.git.ask(
    ['rev-parse', '--verify', `${revision}^{commit}`],
    { answers: [0, 128] },
  )
  if (exitCode === 0) return stdout
  if (/ambiguous/.test(stderr)) {
    throw refuse(revision, `several objects begin with it in ${repository.directory}; write more of it`)
  }
  if (await isObject(repository, revision)) {
    throw refuse(revision, `it names something in ${repository.directory}, but no commit`)
  }
  throw await unknown(repository, revision)
}

async function isObject({ git }: Repository, revision: string): Promise<boolean> {
  const { exitCode } = await git.ask(['cat-file', '-e', revision], { answers: [0, 1, 128] })
  return exitCode === 0
}

async function unknown({ git, directory, isShallow }: Repository, revision: string): Promise<HilError> {
  const names = await git.run([
    'for-each-ref',
    '--format=%(refname:short)',
    'refs/tags',
    'refs/heads',
    'refs/remotes',
  ])
  const hint = isShallow ? `; its history is cut off: ${unshallow}` : didYouMean(revision, names.split('\n'))
  return refuse(revision, `there is no such commit in ${directory}${hint}`)
}

/** What to do about a history that was not fetched in full. */
export const unshallow = 'get the rest of it with "git fetch --unshallow --tags"'

function refuse(revision: string, why: string): HilError {
  return new HilError('commits.unknown-revision', `${JSON.stringify(revision)} is no revision: ${why}`, {
    blame: 'environment',
    details: { revision },
  })
}
