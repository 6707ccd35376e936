import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { GitHistory } from '../git-history.ts'
import { planCommits, plantedKeys, type PlannedCommit } from './planned-commits.ts'

/** A repository of kernel sources with planted commits. */
export interface KernelHistory {
  readonly directory: string
  /** Ids from the first planted commit to the last, parents first; what they begin on is not among them. */
  readonly commits: readonly string[]
  /** The sources as they were. */
  readonly base: string
  readonly culprit: string
  readonly unbuildable: string
  readonly panicking: string
}

/**
 * Makes the repository, or brings one that is there to the planned history: the same sources give the same commits with
 * the same ids, so that what was built of them is found again.
 *
 * @param sources a kernel tree that nothing was built in; it stays as it is
 */
export function makeKernelHistory(sources: string, directory: string): KernelHistory {
  const release = releaseOf(sources)
  if (!isMadeOf(release, directory)) {
    rmSync(directory, { recursive: true, force: true })
    const history = new GitHistory(directory)
    // A tree from an archive has files that its own .gitignore names.
    history.git(`--work-tree=${sources}`, 'add', '--all', '--force')
    history.git(`--work-tree=${sources}`, 'commit', '--quiet', '-m', release)
    history.git('branch', 'base')
  }
  const history = new GitHistory(directory)
  const base = history.git('rev-parse', 'base')
  const plan = planCommits((path) => existsSync(join(sources, path)))
  const commits = importCommits(directory, base, plan, (path) => readFileSync(join(sources, path), 'utf8'))
  history.git('reset', '--quiet', '--hard', 'main')
  const idOf = (key: string) => commits[plan.findIndex((each) => each.key === key)] ?? ''
  return {
    ...{ directory, base, commits },
    culprit: idOf(plantedKeys.culprit),
    unbuildable: idOf(plantedKeys.unbuildable),
    panicking: idOf(plantedKeys.panicking),
  }
}

/** `Linux 6.1.192` */
function releaseOf(sources: string): string {
  const makefile = readFileSync(join(sources, 'Makefile'), 'utf8')
  const value = (name: string) => new RegExp(`^${name} = (\\d+)$`, 'm').exec(makefile)?.[1] ?? '0'
  return `Linux ${['VERSION', 'PATCHLEVEL', 'SUBLEVEL'].map(value).join('.')}`
}

function isMadeOf(release: string, directory: string): boolean {
  if (!existsSync(join(directory, '.git'))) return false
  return new GitHistory(directory).git('for-each-ref', '--format=%(subject)', 'refs/heads/base') === release
}

const person = 'Tester <tester@example.org>'
const firstTime = 1_700_000_000

/** @returns the ids, in the order of the plan */
function importCommits(
  directory: string,
  base: string,
  plan: readonly PlannedCommit[],
  original: (path: string) => string,
): readonly string[] {
  const marks = new Map(plan.map(({ key }, index) => [key, index + 1]))
  const states = new Map<string, ReadonlyMap<string, string>>()
  const stream: string[] = []
  for (const [index, commit] of plan.entries()) {
    const parents = commit.parents ?? plan.slice(Math.max(0, index - 1), index).map(({ key }) => key)
    const files = new Map(states.get(parents[0] ?? ''))
    for (const { path, change } of commit.edits) files.set(path, change(files.get(path) ?? original(path)))
    states.set(commit.key, files)
    const [from = base, ...merged] = parents.map((key) => `:${marks.get(key)}`)
    stream.push(
      'commit refs/heads/main',
      `mark :${index + 1}`,
      `committer ${person} ${firstTime + 60 * (index + 1)} +0000`,
      data(commit.body === undefined ? commit.subject : `${commit.subject}\n\n${commit.body}\n`),
      `from ${from}`,
      ...merged.map((mark) => `merge ${mark}`),
      ...commit.edits.flatMap(({ path }) => [`M 100644 inline ${path}`, data(files.get(path) ?? '')]),
    )
  }
  const marksFile = join(directory, '.git', 'planned-marks')
  execFileSync('git', ['fast-import', '--quiet', '--force', `--export-marks=${marksFile}`], {
    cwd: directory,
    input: `${stream.join('\n')}\n`,
  })
  const ids = new Map(
    readFileSync(marksFile, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line): [string, string] => {
        const [mark = '', id = ''] = line.split(' ')
        return [mark, id]
      }),
  )
  return plan.map((_, index) => ids.get(`:${index + 1}`) ?? '')
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`
}
