import { randomUUID } from 'node:crypto'
import type { HistoryLocation } from '../../../src/history/location.ts'
import { writeFiles } from '../../support/environment-files.ts'
import { startPostgres, type PostgresServer } from '../../support/postgres-server.ts'
import { describeWith } from '../../support/requirements.ts'
import { describeSqlite } from '../../support/sqlite-driver.ts'

/** A database with nothing in it, gone when it is disposed of. */
export type EmptyDatabase = { readonly location: HistoryLocation } & AsyncDisposable

/** Defines the same tests for both databases, each on the real one. @param define gets what makes empty databases */
export function describeDatabases(
  title: string,
  define: (makeEmpty: () => Promise<EmptyDatabase>) => void,
): void {
  describeSqlite(`${title}, on SQLite`, () => {
    define(async () => {
      const files = await writeFiles({})
      const location = { kind: 'sqlite', file: files.path('history.sqlite') } as const
      return { location, [Symbol.asyncDispose]: () => files[Symbol.asyncDispose]() }
    })
  })
  describeWith(['pg_createcluster'], `${title}, on PostgreSQL`, function () {
    this.timeout(60_000)
    let server: PostgresServer | undefined
    before(async () => {
      server = await startPostgres()
    })
    after(() => server?.[Symbol.asyncDispose]())
    define(async () => {
      if (server === undefined) throw new Error('no server')
      const name = `hil_${randomUUID().replaceAll('-', '')}`
      await server.createDatabase(name)
      const location = { kind: 'postgres', url: server.url(name) } as const
      // It goes with its server.
      return { location, [Symbol.asyncDispose]: () => Promise.resolve() }
    })
  })
}
