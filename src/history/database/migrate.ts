import { Migrator, sql, type Kysely } from 'kysely'
import { HilError } from '../../core/errors.ts'
import { latestMigration, migrations } from './migrations.ts'
import type { Tables } from './tables.ts'

/**
 * Brings the schema up to date. Two processes may do so at once: PostgreSQL has a lock for it, and on SQLite
 * the transaction in which all steps are taken is one.
 * @throws HilError `history.newer` (environment), and what the database throws
 */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  const last = await lastMigration(db)
  if (last === latestMigration) return
  if (last !== undefined && last > latestMigration) {
    throw new HilError(
      'history.newer',
      `the history was written by a newer hil: its schema is ${last}, this hil knows ${latestMigration}`,
      { blame: 'environment' },
    )
  }
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(migrations) } })
  const { error } = await migrator.migrateToLatest()
  if (error !== undefined) throw error as Error
}

/** The last step that was taken, by kysely's own table; `undefined` in a new database. */
async function lastMigration(db: Kysely<Tables>): Promise<string | undefined> {
  try {
    const { rows } = await sql<{ name: string }>`select max(name) as name from kysely_migration`.execute(db)
    return rows[0]?.name ?? undefined
  } catch (error) {
    if (isMissingTable(error)) return undefined
    throw error
  }
}

/** PostgreSQL's undefined_table; SQLite has no code of its own for it. */
function isMissingTable(error: unknown): boolean {
  return (
    error instanceof Error &&
    (('code' in error && error.code === '42P01') || error.message.startsWith('no such table'))
  )
}
