import type { Kysely, Migration } from 'kysely'

/**
 * What makes the schema, step by step; the same on SQLite and PostgreSQL. A step that was published is never
 * changed: another one is added.
 */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-first-tables': { up: makeFirstTables },
  '0002-nights': { up: makeNights },
}

export const latestMigration = Object.keys(migrations).toSorted().at(-1) ?? ''

async function makeFirstTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('runs')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('duration_ms', 'double precision', (column) => column.notNull())
    .addColumn('verdict', 'text')
    .addColumn('interrupted_by', 'text')
    .addColumn('environment', 'text', (column) => column.notNull())
    .addColumn('directory', 'text', (column) => column.notNull())
    .addColumn('hil', 'text')
    .addColumn('is_finished', 'integer', (column) => column.notNull())
    .execute()
  await partOfRun(db, 'run_boards')
    .addColumn('board', 'text', (column) => column.notNull())
    .addColumn('architecture', 'text')
    .addPrimaryKeyConstraint('run_boards_key', ['run_id', 'board'])
    .execute()
  await partOfRun(db, 'tests')
    .addColumn('ordinal', 'integer', (column) => column.notNull())
    .addColumn('file', 'text', (column) => column.notNull())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('board', 'text', (column) => column.notNull())
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('verdict', 'text')
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('duration_ms', 'double precision', (column) => column.notNull())
    .addColumn('error', 'text')
    .addPrimaryKeyConstraint('tests_key', ['run_id', 'ordinal'])
    .execute()
  await partOfRun(db, 'boots')
    .addColumn('board', 'text', (column) => column.notNull())
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('kernel', 'text')
    .addPrimaryKeyConstraint('boots_key', ['run_id', 'board', 'number'])
    .execute()
  await partOfRun(db, 'stages')
    .addColumn('board', 'text', (column) => column.notNull())
    .addColumn('boot', 'integer', (column) => column.notNull())
    .addColumn('stage', 'text', (column) => column.notNull())
    .addColumn('at_ms', 'double precision', (column) => column.notNull())
    .addColumn('kernel_s', 'double precision')
    .addPrimaryKeyConstraint('stages_key', ['run_id', 'board', 'boot', 'stage'])
    .execute()
  await partOfRun(db, 'findings')
    .addColumn('ordinal', 'integer', (column) => column.notNull())
    .addColumn('board', 'text', (column) => column.notNull())
    .addColumn('level', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('signature', 'text', (column) => column.notNull())
    .addColumn('title', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('findings_key', ['run_id', 'ordinal'])
    .execute()
  await partOfRun(db, 'errors')
    .addColumn('ordinal', 'integer', (column) => column.notNull())
    .addColumn('board', 'text')
    .addColumn('blame', 'text', (column) => column.notNull())
    .addColumn('code', 'text', (column) => column.notNull())
    .addColumn('message', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('errors_key', ['run_id', 'ordinal'])
    .execute()
  await db.schema.createIndex('runs_by_time').on('runs').column('started_at').execute()
}

/** A table whose rows go with their run. */
function partOfRun(db: Kysely<unknown>, name: string) {
  return db.schema
    .createTable(name)
    .addColumn('run_id', 'text', (column) => column.notNull().references('runs.id').onDelete('cascade'))
}

async function makeNights(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('nights')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('directory', 'text', (column) => column.notNull())
    .addColumn('is_good', 'integer', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('night_cells')
    .addColumn('night_id', 'text', (column) => column.notNull().references('nights.id').onDelete('cascade'))
    .addColumn('cell', 'text', (column) => column.notNull())
    .addColumn('payload', 'text', (column) => column.notNull())
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('boot_ms', 'double precision')
    .addColumn('commit_id', 'text')
    .addColumn('identity', 'text')
    .addPrimaryKeyConstraint('night_cells_key', ['night_id', 'cell'])
    .execute()
  await db.schema.createIndex('nights_by_name').on('nights').columns(['name', 'started_at']).execute()
}
