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
 * Whom to tell of a commit, where the tree has the kernel's own script for that: first its author and who else signed
 * it, then the maintainers and lists that the script names. Each mail address is there once.
 * @returns none where the tree has no such script, or it fails
 */
export async function suggestRecipients(
  repository: string,
  { id, author }: { readonly id: string; readonly author?: string },
  t: Deadline,
): Promise<readonly string[]> {
  const script = join(repository, 'scripts', 'get_maintainer.pl')
  if (!existsSync(script)) return []
  const git = new Git(repository, t)
  const signers = await git.run([
    'log',
    '--no-walk',
    '--format=%(trailers:key=Signed-off-by,valueonly)',
    id,
    '--',
  ])
  const patch = await git.run(['show', '--format=email', '--no-ext-diff', '--no-textconv', id])
  const options = ['--norolestats', '--nogit', '--nogit-fallback', '--no-keywords', '-']
  const { stdout, failed } = await execa('perl', [script, ...options], {
    ...{ cwd: repository, input: patch, reject: false, cancelSignal: t.signal },
  })
  if (failed) return []
  const named = [author ?? '', ...signers.split('\n'), ...stdout.split('\n')].filter((line) =>
    line.includes('@'),
  )
  const seen = new Set<string>()
  return named.filter((address) => !seen.has(mailOf(address)) && seen.add(mailOf(address)))
}

function mailOf(address: string): string {
  return (/<([^>]*)>/.exec(address)?.[1] ?? address).toLowerCase()
}
