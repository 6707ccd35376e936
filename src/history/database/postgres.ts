import { Kysely, PostgresDialect } from 'kysely'
import type { Tables } from './tables.ts'

/** A run's end waits no longer than this for a database that is away. */
const connectMs = 3000
/** And no longer than this for one that does not get on. */
const statementMs = 10_000

/** PostgreSQL's number of the type `bigint` (pg_type.dat: int8). */
const bigintType = 20

/** Connects with the first query. @param url `postgres://...`, as libpq takes it */
export async function connectPostgres(url: string): Promise<Kysely<Tables>> {
  const { default: pg } = await import('pg')
  const pool = new pg.Pool({
    connectionString: url,
    max: 2,
    connectionTimeoutMillis: connectMs,
    statement_timeout: statementMs,
    query_timeout: statementMs + connectMs,
    application_name: 'hil',
    types: {
      // Counts and times of day are exact as numbers; pg would give text.
      getTypeParser: (type, format) =>
        Number(type) === bigintType
          ? Number
          : (pg.types.getTypeParser(type, format) as (value: string) => unknown),
    },
  })
  // A connection that breaks while nobody uses it is no event; the next query says so.
  pool.on('error', () => undefined)
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
}
