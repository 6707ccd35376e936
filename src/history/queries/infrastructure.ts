import { isBenchFailure } from '../../core/bench-failure.ts'
import type { HistoryDatabase } from '../database/open-history.ts'
import { proportion, type Proportion } from '../statistics/proportion.ts'
import type { HistoryFilter, Place } from './filter.ts'
import { groupBy } from './group-by.ts'

/** How reliable a board's bench is. */
export interface BoardCourse extends Place {
  readonly runs: number
  /** Runs with an infrastructure error, one that a repeat got over included. */
  readonly runsWithErrors: number
  readonly errorRate: Proportion | undefined
  /** From the first run to the last, by how many had errors; undefined where none had, or there is one run. */
  readonly meanTimeBetweenErrorsMs: number | undefined
  /** The kinds of error, the most frequent first. */
  readonly errors: readonly BoardError[]
}

export interface BoardError {
  readonly code: string
  /** How many runs have it. */
  readonly runs: number
  /** When the last of them began, in milliseconds since 1970. */
  readonly lastSeen: number
  /** What the last one said. */
  readonly message: string
}

/** Boards by infrastructure errors, the worst first. */
export async function boardCourses(
  db: HistoryDatabase,
  { since, board }: HistoryFilter,
): Promise<readonly BoardCourse[]> {
  const boards = await db
    .selectFrom('run_boards')
    .innerJoin('runs', 'runs.id', 'run_boards.run_id')
    .select(['run_boards.board', 'runs.environment', 'runs.id as run', 'runs.started_at'])
    .where('runs.started_at', '>=', since)
    .$if(board !== undefined, (query) => query.where('run_boards.board', '=', board ?? ''))
    .orderBy('runs.started_at')
    .execute()
  const errors = await db
    .selectFrom('errors')
    .innerJoin('runs', 'runs.id', 'errors.run_id')
    .select(['errors.run_id', 'errors.board', 'errors.code', 'errors.message', 'runs.started_at'])
    .where('errors.blame', '=', 'infrastructure')
    .where('runs.started_at', '>=', since)
    .orderBy('runs.started_at')
    .orderBy('errors.ordinal')
    .execute()
  const boardsOfRun = new Map(groupBy(boards, ({ run }) => [run]).map((all) => [all[0].run, all.length]))
  const ofBenches = errors.filter(({ code }) => isBenchFailure({ blame: 'infrastructure', code }))
  const errorsOfRun = new Map(groupBy(ofBenches, ({ run_id }) => [run_id]).map((all) => [all[0].run_id, all]))
  const courses = groupBy(boards, ({ board, environment }) => [board, environment]).map((runs) => {
    const [{ board, environment }] = runs
    // What a run with one board says of no board is of this one.
    const own = runs.flatMap(({ run }) =>
      (errorsOfRun.get(run) ?? []).filter(
        (error) => error.board === board || (error.board === null && boardsOfRun.get(run) === 1),
      ),
    )
    const runsWithErrors = new Set(own.map(({ run_id }) => run_id)).size
    return {
      ...{ board, environment, runsWithErrors },
      runs: runs.length,
      errorRate: proportion(runsWithErrors, runs.length),
      meanTimeBetweenErrorsMs: meanTime(runs, runsWithErrors),
      errors: groupBy(own, ({ code }) => [code])
        .map(toError)
        .toSorted((a, b) => b.runs - a.runs),
    }
  })
  return courses.toSorted((a, b) => (b.errorRate?.rate ?? 0) - (a.errorRate?.rate ?? 0) || b.runs - a.runs)
}

/** @param runs the oldest first */
function meanTime(runs: readonly { readonly started_at: number }[], failures: number): number | undefined {
  const spanMs = (runs.at(-1)?.started_at ?? 0) - (runs[0]?.started_at ?? 0)
  return failures > 0 && spanMs > 0 ? Math.round(spanMs / failures) : undefined
}

interface ErrorRow {
  readonly run_id: string
  readonly code: string
  readonly message: string
  readonly started_at: number
}

function toError(rows: readonly [ErrorRow, ...ErrorRow[]]): BoardError {
  const last = rows.at(-1) ?? rows[0]
  return {
    code: last.code,
    runs: new Set(rows.map(({ run_id }) => run_id)).size,
    lastSeen: last.started_at,
    message: last.message,
  }
}
