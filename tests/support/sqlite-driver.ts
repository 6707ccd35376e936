import { createRequire } from 'node:module'
import type Database from 'better-sqlite3'

/** mocha's `describe` for tests of the SQLite history: its driver is optional, and may not be installed. */
export function describeSqlite(title: string, define: (this: Mocha.Suite) => void) {
  const lack = lackOfDriver()
  if (lack === undefined) return describe(title, define)
  return describe.skip(`${title} [skipped: better-sqlite3 is not installed: ${lack}]`, define)
}

function lackOfDriver(): string | undefined {
  try {
    const Sqlite = createRequire(import.meta.url)('better-sqlite3') as typeof Database
    new Sqlite(':memory:').close()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message.split('\n')[0] : String(error)
  }
}
