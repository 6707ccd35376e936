import type { Insertable } from 'kysely'
import type { HistoryDatabase } from './database/open-history.ts'
import type { Tables } from './database/tables.ts'
import type { RunResult } from './run-result.ts'

/** How many values one statement takes on every database: SQLite's limit before 3.32 was 999. */
const maximumValues = 900

/**
 * Puts a run into the database, whole or not at all. A run that is there already changes nothing, unless its
 * end was not known then.
 * @returns whether anything was written
 */
export async function importRun(db: HistoryDatabase, run: RunResult): Promise<boolean> {
  return db.transaction().execute(async (transaction) => {
    if (isFinished(run)) {
      await transaction.deleteFrom('runs').where('id', '=', run.id).where('is_finished', '=', 0).execute()
    }
    const { numInsertedOrUpdatedRows = 0n } = await transaction
      .insertInto('runs')
      .values(storable(toRow(run)))
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    if (numInsertedOrUpdatedRows === 0n) return false
    await insertParts(transaction, run)
    return true
  })
}

/** Whether a run is there, with its end. */
export async function isKnown(db: HistoryDatabase, id: string): Promise<boolean> {
  const row = await db
    .selectFrom('runs')
    .select('id')
    .where('id', '=', id)
    .where('is_finished', '=', 1)
    .executeTakeFirst()
  return row !== undefined
}

function isFinished({ verdict, interruptedBy }: RunResult): boolean {
  return verdict !== undefined || interruptedBy !== undefined
}

function toRow(run: RunResult) {
  return {
    id: run.id,
    started_at: run.startedAt,
    duration_ms: run.durationMs,
    verdict: run.verdict ?? null,
    interrupted_by: run.interruptedBy ?? null,
    environment: run.environment,
    directory: run.directory,
    hil: run.hil ?? null,
    is_finished: isFinished(run) ? 1 : 0,
  }
}

async function insertParts(db: HistoryDatabase, run: RunResult): Promise<void> {
  const run_id = run.id
  const insert = inserter(db)
  await insert(
    'run_boards',
    run.boards.map(({ name, architecture }) => ({ run_id, board: name, architecture: architecture ?? null })),
  )
  await insert(
    'tests',
    run.tests.map(({ file, title, board, outcome, verdict, attempts, durationMs, error }, ordinal) => ({
      ...{ run_id, ordinal, file, title, board, outcome, attempts },
      verdict: verdict ?? null,
      duration_ms: durationMs,
      error: error ?? null,
    })),
  )
  await insert(
    'boots',
    run.boots.map(({ board, number, kernel }) => ({ run_id, board, number, kernel: kernel ?? null })),
  )
  await insert(
    'stages',
    run.boots.flatMap(({ board, number, stages }) =>
      stages.map(({ name, at, kernelTime }) => ({
        ...{ run_id, board, boot: number, stage: name },
        at_ms: at,
        kernel_s: kernelTime ?? null,
      })),
    ),
  )
  await insert(
    'findings',
    run.findings.map((finding, ordinal) => ({ run_id, ordinal, ...finding })),
  )
  await insert(
    'errors',
    run.errors.map(({ board, ...error }, ordinal) => ({ run_id, ordinal, board: board ?? null, ...error })),
  )
}

export function inserter(db: HistoryDatabase) {
  return async <Table extends keyof Tables>(table: Table, rows: readonly Insertable<Tables[Table]>[]) => {
    const columns = Object.keys(rows[0] ?? {}).length
    for (const some of chunksOf(rows, Math.floor(maximumValues / columns))) {
      await db.insertInto(table).values(some.map(storable)).execute()
    }
  }
}

/** No database keeps half of a pair of surrogates as it is, nor PostgreSQL a NUL. */
export function storable<Row extends object>(row: Row): Row {
  const values = Object.entries(row).map(([column, value]) => [
    column,
    typeof value === 'string' ? Buffer.from(value).toString().replaceAll('\0', '\ufffd') : (value as unknown),
  ])
  return Object.fromEntries(values) as Row
}

function chunksOf<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  const count = Math.ceil(items.length / size)
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size))
}
