import assert from 'node:assert/strict'
import { driverError } from '../../../src/history/database/sqlite.ts'

describe('a driver of SQLite that does not load', () => {
  it('was compiled for another Node.js, where that is so', () => {
    const ofNode = new Error(
      "The module '/x/better_sqlite3.node'\nwas compiled against a different Node.js version using\nNODE_MODULE_VERSION 115. This version of Node.js requires\nNODE_MODULE_VERSION 137.",
    )
    assert.equal(
      driverError(ofNode).message,
      `history is off: better-sqlite3 was compiled for another version of Node.js than ${process.version}; \`npm rebuild better-sqlite3\` mends that, or name a PostgreSQL database in HIL_HISTORY`,
    )
  })

  it('says the first line of what Node says, where it is something else', () => {
    assert.match(
      driverError(new Error("Cannot find package 'better-sqlite3'\nRequire stack")).message,
      /can't be loaded \(Cannot find package 'better-sqlite3'\); `npm install better-sqlite3` says what it lacks, or/,
    )
  })
})
