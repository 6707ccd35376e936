import type { CommitDescription } from '../../../core/bisection-record.ts'
import type { Repository } from '../../commits/git/repository.ts'

/** What there is to say of commits, in their order. */
export async function describeCommits(
  repository: Repository,
  commits: readonly string[],
): Promise<readonly CommitDescription[]> {
  if (commits.length === 0) return []
  const { git } = repository
  // As many digits as the kernel's documentation asks for.
  const args = ['log', '--no-walk=unsorted', '--abbrev=12', '-z', `--format=${format}`, '--stdin']
  const text = await git.run(args, { input: `${commits.join('\n')}\n` })
  const names = await namesOf(repository, commits)
  return text
    .split('\0')
    .filter(Boolean)
    .map(parseDescription)
    .map((description, index) => {
      const describe = names[index]
      return describe === undefined ? description : { ...description, describe }
    })
}

const format = ['%H', '%h', '%P', '%aN <%aE>', '%aI', '%s'].join('%x1f')

function parseDescription(record: string): CommitDescription {
  const [id = '', shortId = '', parents = '', author = '', date = '', subject = ''] = record.split('\x1f')
  return { id, shortId, subject, author, date, parents: parents.split(' ').filter((parent) => parent !== '') }
}

/** Names of commits by the last tag before them: `v6.18-rc1-12-g1f2e3d4c5b6a`; nothing where there is none. */
async function namesOf(
  { git }: Repository,
  commits: readonly string[],
): Promise<readonly (string | undefined)[]> {
  const text = await git.run(['describe', '--tags', '--always', '--abbrev=12', ...commits])
  return text.split('\n').map((name, index) => (commits[index]?.startsWith(name) === true ? undefined : name))
}
