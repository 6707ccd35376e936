import type { Kysely } from 'kysely'
import { HilError } from '../../core/errors.ts'
import { reasonOf } from '../../core/reason-of.ts'
import { describeLocation, type HistoryLocation } from '../location.ts'
import { migrate } from './migrate.ts'
import type { Tables } from './tables.ts'

export type HistoryDatabase = Kysely<Tables>

/** History, opened; disposing of it closes the database. */
export interface History extends AsyncDisposable {
  readonly db: HistoryDatabase
}

/**
 * Opens the database of history, and brings its schema up to date. Its libraries are loaded only now.
 * @throws HilError `history.off`, `history.newer` (environment), `history.unreachable` (infrastructure)
 */
export async function openHistory(location: HistoryLocation): Promise<History> {
  const db = await connect(location)
  try {
    await migrate(db)
  } catch (error) {
    await db.destroy().catch(() => undefined)
    if (error instanceof HilError) throw error
    throw unreachable(location, error)
  }
  return { db, [Symbol.asyncDispose]: () => db.destroy() }
}

async function connect(location: HistoryLocation): Promise<HistoryDatabase> {
  if (location.kind === 'off') {
    throw new HilError('history.off', 'history is off: HIL_HISTORY says so', { blame: 'environment' })
  }
  if (location.kind === 'postgres') {
    const { connectPostgres } = await import('./postgres.ts')
    return connectPostgres(location.url)
  }
  const { connectSqlite } = await import('./sqlite.ts')
  try {
    return await connectSqlite(location.file)
  } catch (error) {
    if (error instanceof HilError) throw error
    throw unreachable(location, error)
  }
}

function unreachable(location: HistoryLocation, cause: unknown): HilError {
  const where = describeLocation(location)
  return new HilError('history.unreachable', `the history in ${where} can't be used: ${reasonOf(cause)}`, {
    blame: 'infrastructure',
    details: { where },
    cause,
  })
}
