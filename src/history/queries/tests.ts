import { sql } from 'kysely'
import { verdicts, type Verdict } from '../../core/verdicts.ts'
import type { HistoryDatabase } from '../database/open-history.ts'
import { proportion, type Proportion } from '../statistics/proportion.ts'
import type { HistoryFilter, Place, RunPoint } from './filter.ts'
import { groupBy } from './group-by.ts'

/** A test on a board over time. */
export interface TestCourse extends Place {
  readonly file: string
  readonly title: string
  /** Oldest first. */
  readonly results: readonly TestPoint[]
  readonly counts: Readonly<Record<TestStatus, number>>
  /** How often it failed and then passed in one run, of the times it was judged. */
  readonly flakeRate: Proportion | undefined
  /** How often a run said another thing than the one before it. */
  readonly flips: number
  /** `undefined` where it passed the last time. */
  readonly failing: Failing | undefined
}

/**
 * `inconclusive`: something else than the test or the board was at fault, so it counts neither way.
 * `not run`: it was skipped, or the run ended first.
 */
export type TestStatus = 'passed' | 'flaky' | 'failed' | 'inconclusive' | 'not run'

export interface TestPoint extends RunPoint {
  readonly status: TestStatus
  readonly verdict: Verdict | undefined
  readonly attempts: number
  readonly durationMs: number
  readonly error: string | undefined
}

/** Since when a test fails. */
export interface Failing {
  readonly since: RunPoint
  /** How many runs in a row. */
  readonly runs: number
  readonly lastPassed: RunPoint | undefined
}

/** @param text what the title or the file of the tests has in it, in any case; `undefined` for all */
export async function testCourses(
  db: HistoryDatabase,
  { since, board }: HistoryFilter,
  text?: string,
): Promise<readonly TestCourse[]> {
  const pattern = `%${(text ?? '').toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
  const rows = await resultsOf(db)
    .where('runs.started_at', '>=', since)
    .$if(board !== undefined, (query) => query.where('tests.board', '=', board ?? ''))
    .$if(text !== undefined, (query) =>
      query.where(sql<boolean>`lower(tests.file || ' ' || tests.title) like ${pattern} escape '\\'`),
    )
    .orderBy('runs.started_at')
    .orderBy('runs.id')
    .orderBy('tests.ordinal')
    .execute()
  return groupBy(rows, ({ file, title, board, environment }) => [file, title, board, environment])
    .map(([first, ...others]) => {
      const { file, title, board, environment } = first
      return { file, title, board, environment, ...judgeCourse([first, ...others].map(toPoint)) }
    })
    .toSorted((a, b) => compare(keyOf(a), keyOf(b)))
}

/** What results, oldest first, come to. */
export function judgeCourse(
  results: readonly TestPoint[],
): Pick<TestCourse, 'results' | 'counts' | 'flakeRate' | 'flips' | 'failing'> {
  const counts = { passed: 0, flaky: 0, failed: 0, inconclusive: 0, 'not run': 0 }
  for (const { status } of results) counts[status]++
  const judged = results.filter(isJudged)
  const flips = judged.filter((point, index) => {
    const before = judged[index - 1]
    return before !== undefined && (point.status === 'failed') !== (before.status === 'failed')
  }).length
  return {
    results,
    counts,
    flakeRate: proportion(counts.flaky, judged.length),
    flips,
    failing: failingOf(judged),
  }
}

function isJudged({ status }: TestPoint): boolean {
  return status !== 'inconclusive' && status !== 'not run'
}

function failingOf(judged: readonly TestPoint[]): Failing | undefined {
  const lastPassed = judged.findLast(({ status }) => status !== 'failed')
  const failed = judged.slice(lastPassed === undefined ? 0 : judged.indexOf(lastPassed) + 1)
  const [since] = failed
  return since === undefined
    ? undefined
    : { since: runOf(since), runs: failed.length, lastPassed: lastPassed && runOf(lastPassed) }
}

function runOf({ run, startedAt, directory, kernel }: RunPoint): RunPoint {
  return { run, startedAt, directory, kernel }
}

/** A test as history knows it. */
export interface KnownTest extends Place {
  readonly file: string
  readonly title: string
}

/** So many results of a test say enough of its past. */
const maximumPast = 300

/** What the earlier results of one test come to; `undefined` where it was never judged. */
export async function pastOf(
  db: HistoryDatabase,
  { file, title, board, environment }: KnownTest,
): Promise<Pick<TestCourse, 'results' | 'failing'> | undefined> {
  const rows = await resultsOf(db)
    .where('tests.file', '=', file)
    .where('tests.title', '=', title)
    .where('tests.board', '=', board)
    .where('runs.environment', '=', environment)
    .orderBy('runs.started_at', 'desc')
    .orderBy('runs.id', 'desc')
    .limit(maximumPast)
    .execute()
  const judged = rows.toReversed().map(toPoint).filter(isJudged)
  return judged.length === 0 ? undefined : judgeCourse(judged)
}

/** Results with their runs. */
function resultsOf(db: HistoryDatabase) {
  return db
    .selectFrom('tests')
    .innerJoin('runs', 'runs.id', 'tests.run_id')
    .leftJoin(kernels(db).as('kernels'), (join) =>
      join.onRef('kernels.run_id', '=', 'tests.run_id').onRef('kernels.board', '=', 'tests.board'),
    )
    .select(['tests.file', 'tests.title', 'tests.board', 'runs.environment', 'runs.id as run'])
    .select(['runs.started_at', 'runs.directory', 'kernels.kernel', 'tests.outcome', 'tests.verdict'])
    .select(['tests.attempts', 'tests.duration_ms', 'tests.error'])
}

/** The kernel of each board in each run: of its last boot that said so. */
function kernels(db: HistoryDatabase) {
  const last = db
    .selectFrom('boots')
    .select(({ fn }) => ['run_id', 'board', fn.max('number').as('number')])
    .where('kernel', 'is not', null)
    .groupBy(['run_id', 'board'])
  return db
    .selectFrom('boots')
    .innerJoin(last.as('last'), (join) =>
      join
        .onRef('last.run_id', '=', 'boots.run_id')
        .onRef('last.board', '=', 'boots.board')
        .onRef('last.number', '=', 'boots.number'),
    )
    .select(['boots.run_id', 'boots.board', 'boots.kernel'])
}

interface Row {
  readonly run: string
  readonly started_at: number
  readonly directory: string
  readonly kernel: string | null
  readonly outcome: string
  readonly verdict: string | null
  readonly attempts: number
  readonly duration_ms: number
  readonly error: string | null
}

function toPoint(row: Row): TestPoint {
  const verdict = (row.verdict ?? undefined) as Verdict | undefined
  return {
    run: row.run,
    startedAt: row.started_at,
    directory: row.directory,
    kernel: row.kernel ?? undefined,
    status: statusOf(verdict),
    verdict,
    attempts: row.attempts,
    durationMs: row.duration_ms,
    error: row.error ?? undefined,
  }
}

/** By what KCIDB makes of it: `MISS` is a test that nobody could judge. */
function statusOf(verdict: Verdict | undefined): TestStatus {
  if (verdict === undefined) return 'not run'
  if (verdict === 'flaky') return 'flaky'
  const { kcidb } = verdicts[verdict]
  return kcidb === 'PASS' ? 'passed' : kcidb === 'FAIL' ? 'failed' : 'inconclusive'
}

function keyOf({ board, environment, file }: TestCourse): string {
  return `${board}\0${environment}\0${file}`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
