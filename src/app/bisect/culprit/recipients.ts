import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import type { Repository } from '../../commits/git/repository.ts'

/** Whom a report may be sent to; hil sends nothing. */
export interface Recipient {
  readonly address: string
  /** As the tree has it: `author`, `maintainer:NETWORKING DRIVERS`, `open list`. */
  readonly role: string
}

/** It reads one file of some 25,000 lines. */
const scriptMs = 60_000

/**
 * The author of a commit, who else signed it, and whom `scripts/get_maintainer.pl` of the tree names for what it touches.
 */
export async function suggestRecipients(
  repository: Repository,
  commit: string,
): Promise<readonly Recipient[]> {
  const { git, directory, isBare } = repository
  const format = '--format=%aN <%aE>%n%(trailers:key=Signed-off-by,valueonly)'
  const [author = '', ...signers] = (await git.run(['log', '--no-walk', format, commit, '--']))
    .split('\n')
    .filter((line) => line !== '')
  const script = join(directory, 'scripts/get_maintainer.pl')
  const named = isBare || !existsSync(script) ? [] : await askScript(script, repository, commit)
  const all = [
    { address: author, role: 'author' },
    ...signers.map((address) => ({ address, role: 'signed it off' })),
    ...named,
  ]
  const seen = new Set<string>()
  return all.filter(({ address }) => {
    const mail = mailOf(address)
    return !seen.has(mail) && seen.add(mail)
  })
}

async function askScript(script: string, { git, directory }: Repository, commit: string) {
  const patch = await git.run(['format-patch', '-1', '--stdout', commit])
  const { stdout, failed } = await execa('perl', [script, '--no-git', '--no-git-fallback', '-'], {
    ...{ cwd: directory, input: patch, reject: false, stderr: 'ignore', timeout: scriptMs },
  })
  return failed ? [] : parseMaintainers(stdout)
}

/** `Jane Doe <jane@example.org> (maintainer:NETWORKING DRIVERS)`, `netdev@vger.kernel.org (open list:NETWORKING)` */
export function parseMaintainers(text: string): readonly Recipient[] {
  return text.split('\n').flatMap((line) => {
    const [, address, role] = /^(\S.*?)(?: \(([^()]*(?:\([^()]*\)[^()]*)*)\))?$/.exec(line.trim()) ?? []
    return address === undefined ? [] : [{ address, role: role ?? '' }]
  })
}

function mailOf(address: string): string {
  return (/<([^>]*)>/.exec(address)?.[1] ?? address).toLowerCase()
}
