import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { simulate, type Planted, type Simulated } from '../tests/support/bisect/simulate.ts'
import { syntheticHistory } from '../tests/support/bisect/synthetic-history.ts'
import type { Bench, BenchRow } from './bench.ts'

/** How many histories are bisected for each row; `HIL_BISECT_SEEDS` for more. */
const seeds = Number(process.env['HIL_BISECT_SEEDS'] ?? 100)

/** Runs of the search on synthetic histories with a planted culprit: how many runs it needs, and how often it is right. */
export const bisect: Bench = {
  name: 'bisect',
  run: () =>
    Promise.resolve([
      againstGit(),
      ...roundsByBoards(),
      ...Object.entries(cases).map(([what, planted]) => rightness(what, planted)),
    ]),
}

const cases: Readonly<Record<string, Omit<Planted, 'seed'>>> = {
  'a line': { size: 200, merges: 0 },
  merges: { size: 200, merges: 0.3 },
  'merges, 20% do not build': { size: 200, merges: 0.3, unbuildable: 0.2 },
  'merges, 30% of runs fail by the bench': { size: 200, merges: 0.3, infrastructure: 0.3 },
  'fails in 60% of runs': { size: 60, merges: 0.2, failureRate: 0.6 },
  'fails in 30% of runs': { size: 60, merges: 0.2, failureRate: 0.3 },
  'fails in 10% of runs': { size: 60, merges: 0.2, failureRate: 0.1 },
  'fails in 5% of runs': { size: 60, merges: 0.2, failureRate: 0.05 },
}

/** The same histories, bisected by git itself; ends and checks, which git has none of, left out. */
function againstGit(): BenchRow {
  const planted = { size: 200, merges: 0.3 }
  const own = all(planted, 20)
  const ours = mean(own.map(({ searchRounds }) => searchRounds))
  const gits = mean(own.map(({ culprit }, seed) => stepsOfGit(seed + 1, planted, culprit)))
  const ratio = ours / gits
  return {
    what: 'commits run to find one of 200, with merges',
    measured: ours.toFixed(2),
    ...{ peer: `git bisect ${gits.toFixed(2)}`, ratio },
    target: 'at most 1.1 times',
    met: ratio <= 1.1,
  }
}

/** The bound is the logarithm of the number of commits to the base of one more than there are boards. */
function roundsByBoards(): readonly BenchRow[] {
  return (
    [
      [1, 14],
      [2, 9],
      [4, 6],
    ] as const
  ).map(([boards, bound]) => {
    const rounds = all({ size: 10_000, merges: 0, boards }, 3).map(({ searchRounds }) => searchRounds)
    const most = Math.max(...rounds)
    return {
      what: `rounds to find one of 10,000 with ${boards} board${boards === 1 ? '' : 's'}`,
      measured: String(most),
      target: `at most ${bound}`,
      met: most <= bound,
    }
  })
}

function rightness(what: string, planted: Omit<Planted, 'seed'>): BenchRow {
  const results = all(planted, seeds)
  const wrong = results.filter(({ isHonest }) => !isHonest).length
  const named = results.filter(({ isRight }) => isRight).length
  const runs = mean(results.map((result) => result.runs))
  const promised = planted.failureRate === undefined ? 0 : 0.01
  // By chance one is above what was promised; three standard deviations are no chance any more.
  const allowed = promised * seeds + 3 * Math.sqrt(promised * seeds)
  return {
    what: `right in ${seeds} histories: ${what}`,
    measured: `${named} named, ${results.length - named - wrong} narrowed down, ${wrong} wrong, ${runs.toFixed(0)} runs each`,
    target: promised === 0 ? 'none wrong' : '1% wrong at most',
    met: wrong <= allowed,
  }
}

function all(planted: Omit<Planted, 'seed'>, count: number): readonly Simulated[] {
  return Array.from({ length: count }, (_, index) => simulate({ ...planted, seed: index + 1 }))
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** How many commits `git bisect` has tried. */
function stepsOfGit(
  seed: number,
  shape: { readonly size: number; readonly merges: number },
  culprit: string,
): number {
  const directory = mkdtempSync(join(tmpdir(), 'hil-bench-'))
  const git = (args: readonly string[], input?: string) =>
    execFileSync('git', args, { cwd: directory, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'], input })
  try {
    git(['init', '--quiet'])
    const commits = syntheticHistory({ ...shape, seed })
    git(['fast-import', '--quiet'], fastImport(commits))
    const top = `refs/heads/${commits.at(-1)?.id}`
    git(['symbolic-ref', 'HEAD', top])
    const has = new Set(git(['rev-list', '--ancestry-path', `refs/heads/${culprit}..${top}`]).split('\n'))
    const first = git(['rev-parse', `refs/heads/${culprit}`]).trim()
    let said = git([
      'bisect',
      'start',
      '--no-checkout',
      `refs/heads/${commits.at(-1)?.id}`,
      'refs/heads/good',
    ])
    let steps = 0
    while (!said.includes('is the first bad commit')) {
      const tried = git(['rev-parse', 'BISECT_HEAD']).trim()
      steps++
      said = git(['bisect', tried === first || has.has(tried) ? 'bad' : 'good'])
    }
    if (!said.startsWith(first)) throw new Error(`git found another commit with seed ${seed}`)
    return steps
  } finally {
    rmSync(directory, { recursive: true })
  }
}

function fastImport(
  commits: readonly { readonly id: string; readonly parents: readonly string[] }[],
): string {
  const all = [{ id: 'good', parents: [] }, ...commits]
  const numbers = new Map(all.map(({ id }, index) => [id, index + 1]))
  return all
    .map(({ id, parents }, index) => {
      const [first, ...others] = parents.map((parent) => `:${numbers.get(parent)}`)
      const from =
        first === undefined ? '' : `from ${first}\n${others.map((each) => `merge ${each}\n`).join('')}`
      return `commit refs/heads/${id}\nmark :${index + 1}\ncommitter b <b> ${1_000_000_000 + index} +0000\ndata 0\n${from}\n`
    })
    .join('')
}
