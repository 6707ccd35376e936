import type { Person } from '../../../core/bisection-record.ts'
import type { Repository } from '../../commits/git/repository.ts'

/** What reports say of a repository and of who works in it; what git does not know is absent. */
export interface AboutRepository {
  /** Where it has its commits from, without names and passwords. */
  readonly remote?: string
  /** The branch that a revision names. */
  readonly branch?: string
  /** It is the kernel's own. */
  readonly isLinux: boolean
  readonly person?: Person
  readonly gitVersion: string
}

/** No other project has it, where it has been since 2011. */
const kernelsOwn = 'kernel/sched/core.c'

export async function aboutRepository({ git }: Repository, revision: string): Promise<AboutRepository> {
  const ask = async (...args: readonly string[]) => {
    const { exitCode, stdout } = await git.ask(args, { answers: [0, 1, 2, 128] })
    return exitCode === 0 ? stdout.trim() : ''
  }
  const remote = await ask('ls-remote', '--get-url')
  const name = await ask('rev-parse', '--verify', '--symbolic-full-name', revision)
  const [person, email] = [await ask('config', 'user.name'), await ask('config', 'user.email')]
  const version = await ask('version')
  const found = await ask('ls-tree', '--full-tree', '--name-only', revision, kernelsOwn)
  const branch = name.replace(/^refs\/(?:heads|remotes)\//, '')
  return {
    ...(remote.includes('/') ? { remote: withoutCredentials(remote) } : {}),
    ...(branch === '' || branch.startsWith('refs/') ? {} : { branch }),
    ...(person === '' || email === '' ? {} : { person: { name: person, email } }),
    isLinux: found === kernelsOwn,
    gitVersion: version.replace(/^git version /, ''),
  }
}

/** `https://name:token@host/path` is how some give access to a repository, and must not be in a mail. */
function withoutCredentials(url: string): string {
  return url.replace(/^(\w+:\/\/)[^/@]*@/, '$1')
}
