import type { Repository } from '../../commits/git/repository.ts'

/**
 * What the person's work tree has that no commit has, in a sentence: it takes no part in a bisection.
 * @returns undefined for a clean tree
 */
export async function describeUncommitted({
  git,
  directory,
  isBare,
}: Repository): Promise<string | undefined> {
  if (isBare) return undefined
  const status = await git.run([
    'status',
    '--porcelain',
    '-z',
    '--untracked-files=normal',
    '--ignore-submodules',
    '.',
  ])
  const { changed, untracked } = parseStatus(status)
  const found = [
    ...(changed.length > 0 ? [`changes that are not committed in ${listed(changed)}`] : []),
    ...(untracked.length > 0 ? [`files that git does not know (${listed(untracked)})`] : []),
  ]
  if (found.length === 0) return undefined
  return `${directory} has ${found.join(', and ')}: commits are built without them`
}

interface Status {
  readonly changed: readonly string[]
  readonly untracked: readonly string[]
}

/** `XY path`, or `R  new` and then `old`, each ended by a zero byte. */
export function parseStatus(text: string): Status {
  const changed: string[] = []
  const untracked: string[] = []
  const fields = text.split('\0').filter((field) => field !== '')
  for (let index = 0; index < fields.length; index++) {
    const field = fields[index] ?? ''
    const path = field.slice(3)
    if (field.startsWith('??')) untracked.push(path)
    else changed.push(path)
    if (/^[RC]|^.[RC]/.test(field)) index++
  }
  return { changed, untracked }
}

const listedFiles = 3

function listed(paths: readonly string[]): string {
  const first = paths.slice(0, listedFiles).join(', ')
  return paths.length > listedFiles ? `${first} and ${paths.length - listedFiles} more` : first
}
