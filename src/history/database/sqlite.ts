import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type Database from 'better-sqlite3'
import {
  CompiledQuery,
  Kysely,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
  type DatabaseConnection,
  type SqliteDialectConfig,
} from 'kysely'
import { HilError, messageOf } from '../../core/errors.ts'
import type { Tables } from './tables.ts'

/** How long a writer waits for another one, in milliseconds; an import takes some ten. */
const patienceMs = 10_000

/**
 * @throws HilError `history.off` (environment) where the driver is not installed, and what SQLite throws
 */
export async function connectSqlite(file: string): Promise<Kysely<Tables>> {
  const Sqlite = await loadDriver()
  await mkdir(dirname(file), { recursive: true })
  const database = openFile(Sqlite, file)
  try {
    // Readers and a writer don't wait for each other; what a power cut can take is imported again.
    database.pragma('journal_mode = wal')
    database.pragma('synchronous = normal')
    database.pragma('foreign_keys = on')
  } catch (error) {
    database.close()
    throw error
  }
  return new Kysely<Tables>({ dialect: new WritingDialect({ database }) })
}

type Driver = typeof Database

/** It is an optional dependency, for it has to be compiled where no binary can be had. */
async function loadDriver(): Promise<Driver> {
  try {
    const { default: Sqlite } = await import('better-sqlite3')
    // The binary is loaded with the first database only.
    new Sqlite(':memory:').close()
    return Sqlite
  } catch (error) {
    throw driverError(error)
  }
}

/** @param error of Node, with a hint in further lines */
export function driverError(error: unknown): HilError {
  const isOfAnotherNode = messageOf(error).includes('NODE_MODULE_VERSION')
  const why = isOfAnotherNode
    ? `was compiled for another version of Node.js than ${process.version}; \`npm rebuild better-sqlite3\` mends that`
    : `can't be loaded (${firstLine(messageOf(error))}); \`npm install better-sqlite3\` says what it lacks`
  return new HilError(
    'history.off',
    `history is off: better-sqlite3 ${why}, or name a PostgreSQL database in HIL_HISTORY`,
    { blame: 'environment', cause: error },
  )
}

function openFile(Sqlite: Driver, file: string): Database.Database {
  return new Sqlite(file, { timeout: patienceMs })
}

/**
 * Transactions take the write lock when they begin: one that reads first and then wants to write would be
 * refused at once, without waiting, where another process has written in between (SQLITE_BUSY_SNAPSHOT).
 */
class WritingDialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig

  constructor(config: SqliteDialectConfig) {
    super(config)
    this.#config = config
  }

  override createDriver(): SqliteDriver {
    return new WritingDriver(this.#config)
  }

  override createAdapter(): SqliteAdapter {
    return new TransactionalAdapter()
  }
}

/**
 * kysely makes the schema outside of any transaction on SQLite, where two processes that open a new file at once
 * would both make it; SQLite itself takes it back with all else (lang_transaction.html).
 */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

class WritingDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? ''
}
