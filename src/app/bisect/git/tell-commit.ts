import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import type { Deadline } from '../../../core/deadline.ts'
import { Git } from '../../commits/git/git.ts'

/** A commit with what it changes, as `git show` shows it. @throws HilError as `Git` does */
export function showCommit(repository: string, commit: string, t: Deadline): Promise<string> {
  return new Git(repository, t).run(['show', '--stat', '--patch', '--no-ext-diff', '--no-textconv', commit])
}

/**
 * Whom the kernel's own script suggests to tell of a commit: maintainers and lists, and first its author.
 * @returns none where the tree has no such script, or it fails
 */
export async function suggestRecipients(
  repository: string,
  { id, author }: { readonly id: string; readonly author?: string },
  t: Deadline,
): Promise<readonly string[]> {
  const script = join(repository, 'scripts', 'get_maintainer.pl')
  if (!existsSync(script)) return []
  const patch = await new Git(repository, t).run([
    'show',
    '--format=email',
    '--no-ext-diff',
    '--no-textconv',
    id,
  ])
  const options = ['--norolestats', '--nogit', '--nogit-fallback', '--no-keywords', '-']
  const { stdout, failed } = await execa('perl', [script, ...options], {
    ...{ cwd: repository, input: patch, reject: false, cancelSignal: t.signal },
  })
  if (failed) return []
  const found = stdout.split('\n').filter((line) => line.includes('@'))
  return [...new Set([...(author === undefined ? [] : [author]), ...found])]
}
