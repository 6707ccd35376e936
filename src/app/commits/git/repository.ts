import { realpath, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Deadline } from '../../../core/deadline.ts'
import { HilError } from '../../../core/errors.ts'
import { Git } from './git.ts'
import { assertGit } from './git-version.ts'

/** The history of what is built: only ever read, but for the work tree of hil's own. */
export interface Repository {
  /** Runs in the directory that was named. */
  readonly git: Git
  /** The directory that was named, without symbolic links; in a work tree of the person's, or bare. */
  readonly directory: string
  /** From the top of the work tree to that directory: empty, or `linux/`. */
  readonly prefix: string
  /** What all work trees of it share: `.git`. */
  readonly commonDirectory: string
  readonly isBare: boolean
  /** Its history was cut off when it was fetched. */
  readonly isShallow: boolean
}

/**
 * @param t bounds all that git is asked about it
 * @throws HilError `git.*`, `commits.no-repository` (environment)
 */
export async function openRepository(path: string, t: Deadline): Promise<Repository> {
  await assertGit()
  const isDirectory = (await stat(path).catch(() => undefined))?.isDirectory() ?? false
  if (!isDirectory) throw noRepository(path, 'there is no such directory')
  const directory = await realpath(path)
  const git = new Git(directory, t)
  const asked = ['--is-bare-repository', '--is-shallow-repository', '--git-common-dir', '--show-prefix']
  const { exitCode, stdout, stderr } = await git.ask(['rev-parse', ...asked], { answers: [0, 128] })
  if (exitCode !== 0) throw noRepository(path, whyNot(stderr))
  const [isBare, isShallow, common = '', prefix = ''] = stdout.split('\n')
  return {
    git,
    directory,
    prefix,
    commonDirectory: await realpath(resolve(directory, common)),
    isBare: isBare === 'true',
    isShallow: isShallow === 'true',
  }
}

function whyNot(stderr: string): string {
  return stderr.includes('not a git repository')
    ? 'it is in no git repository; sources that were unpacked have no history, clone them'
    : stderr.trim()
}

function noRepository(path: string, why: string): HilError {
  return new HilError('commits.no-repository', `${path} has no commits to build: ${why}`, {
    blame: 'environment',
    details: { path },
  })
}
