import assert from 'node:assert/strict'
import { once } from 'node:events'
import { sql } from 'kysely'
import { HilError } from '../../../src/core/errors.ts'
import { openHistory } from '../../../src/history/database/open-history.ts'
import { importRun } from '../../../src/history/import-run.ts'
import { testCourses } from '../../../src/history/queries/tests.ts'
import { runProgram } from '../../support/run-program.ts'
import { describeSqlite } from '../../support/sqlite-driver.ts'
import { describeDatabases } from './databases.ts'
import { makeBoot, makeResult, makeRun } from './run-results.ts'

describeDatabases('the database of history', (makeEmpty) => {
  const full = makeRun(1, {
    tests: [makeResult('passed'), makeResult('test-failed', { title: 'x' })],
    boots: [makeBoot({ bootloader: 10, kernel: 20, shell: 30 })],
    findings: [{ board: 'rock', level: 'warning', kind: 'warning', signature: 's', title: 't' }],
    errors: [{ board: 'rock', blame: 'infrastructure', code: 'console.closed', message: 'gone' }],
  })
  const tables = ['runs', 'run_boards', 'tests', 'boots', 'stages', 'findings', 'errors'] as const

  it('is empty when it is new, and can be opened again', async () => {
    await using database = await makeEmpty()
    for (const _ of [1, 2]) {
      await using history = await openHistory(database.location)
      assert.deepEqual(await testCourses(history.db, { since: 0 }), [])
    }
  })

  it('changes nothing when a run is imported again', async () => {
    await using database = await makeEmpty()
    await using history = await openHistory(database.location)
    const contents = () =>
      Promise.all(tables.map((table) => history.db.selectFrom(table).selectAll().execute()))
    assert.equal(await importRun(history.db, full), true)
    const first = await contents()
    assert.ok(first.every((rows) => rows.length > 0))
    assert.equal(await importRun(history.db, { ...full, tests: [] }), false)
    assert.deepEqual(await contents(), first)
  })

  it('takes a run whose end was not known then, once it is', async () => {
    await using database = await makeEmpty()
    await using history = await openHistory(database.location)
    const cutOff = makeRun(1, {
      verdict: undefined,
      tests: [makeResult(undefined, { outcome: 'unfinished' })],
    })
    assert.equal(await importRun(history.db, cutOff), true)
    assert.equal(await importRun(history.db, cutOff), false)
    assert.equal(await importRun(history.db, full), true)
    assert.equal(await importRun(history.db, cutOff), false)
    const rows = await history.db.selectFrom('tests').select('outcome').orderBy('ordinal').execute()
    assert.deepEqual(rows, [{ outcome: 'passed' }, { outcome: 'failed' }])
  })

  it('takes a run whole or not at all', async () => {
    await using database = await makeEmpty()
    await using history = await openHistory(database.location)
    const boot = makeBoot({ bootloader: 10, kernel: 20 })
    await assert.rejects(importRun(history.db, makeRun(1, { boots: [boot, boot] })))
    for (const table of tables)
      assert.deepEqual(await history.db.selectFrom(table).selectAll().execute(), [], table)
  })

  it('takes a run with more tests than one statement can hold', async () => {
    await using database = await makeEmpty()
    await using history = await openHistory(database.location)
    const tests = Array.from({ length: 1000 }, (_, index) => makeResult('passed', { title: `test ${index}` }))
    await importRun(history.db, makeRun(1, { tests }))
    assert.equal((await testCourses(history.db, { since: 0 })).length, 1000)
  })

  it('takes whatever a board or a spec can say', async () => {
    await using database = await makeEmpty()
    await using history = await openHistory(database.location)
    const evil = "a\0b\ud800c 🐧 '; drop table runs; -- \u2028 \x1b[2J"
    const tests = [makeResult('test-failed', { title: evil, error: evil })]
    const finding = { board: evil, level: 'error', kind: 'bug', signature: evil, title: evil } as const
    await importRun(
      history.db,
      makeRun(1, {
        tests,
        boots: [makeBoot({ bootloader: 1, kernel: 2 }, { kernel: evil })],
        findings: [finding],
        errors: [{ board: evil, blame: 'infrastructure', code: 'x', message: evil }],
      }),
    )
    const [course] = await testCourses(history.db, { since: 0 })
    assert.match(course?.title ?? '', /^a.b.c 🐧 '; drop table runs; -- /)
  })

  it('loses nothing when several processes write at once, the first of all included', async function () {
    this.timeout(60_000)
    await using database = await makeEmpty()
    const writers = ['a', 'b', 'c'].map((name) =>
      runProgram('write-history.ts', [JSON.stringify(database.location), name, '25']),
    )
    const codes = await Promise.all(writers.map(async (writer) => (await once(writer, 'exit'))[0] as number))
    assert.deepEqual(codes, [0, 0, 0])
    await using history = await openHistory(database.location)
    // Each writes runs of its own, and one that all of them write.
    const rows = await history.db.selectFrom('runs').select('id').execute()
    assert.equal(rows.length, 3 * 25 + 1)
    const shared = await history.db.selectFrom('tests').selectAll().where('run_id', '=', 'run-0').execute()
    assert.equal(shared.length, 1)
  })

  it('refuses a schema that a newer hil has made', async () => {
    await using database = await makeEmpty()
    {
      await using history = await openHistory(database.location)
      await sql`insert into kysely_migration (name, timestamp) values ('9999-later', '2030')`.execute(
        history.db,
      )
    }
    await assert.rejects(openHistory(database.location), (error) => {
      assert.ok(error instanceof HilError)
      assert.equal(error.code, 'history.newer')
      return true
    })
  })
})

describe('a history that is away', () => {
  it('is told with its address, but not with the password', async () => {
    const location = { kind: 'postgres', url: 'postgres://me:geheim@127.0.0.1:1/db' } as const
    await assert.rejects(openHistory(location), (error) => {
      assert.ok(error instanceof HilError)
      assert.equal(error.code, 'history.unreachable')
      assert.equal(error.blame, 'infrastructure')
      assert.match(
        error.message,
        /postgres:\/\/me:•••@127\.0\.0\.1:1\/db can't be used: connection refused \(127\.0\.0\.1:1\)/,
      )
      assert.doesNotMatch(JSON.stringify(error.details), /geheim/)
      return true
    })
  })
})

describeSqlite('a history in a file', () => {
  it('is told where that is no database', async () => {
    const location = { kind: 'sqlite', file: new URL(import.meta.url).pathname } as const
    await assert.rejects(openHistory(location), {
      code: 'history.unreachable',
      message: /file is not a database/,
    })
  })
})
