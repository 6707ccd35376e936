import assert from 'node:assert/strict'
import { kcidbNames } from '../../../src/app/report/kcidb-names.ts'
import { toKcidb, type KcidbNames } from '../../../src/report/machine/kcidb.ts'
import { eventfulRun } from './eventful-run.ts'
import { ScriptedRun, timeoutError } from './script-run.ts'

interface Report {
  readonly version: unknown
  readonly checkouts?: readonly { readonly id: string }[]
  readonly builds?: readonly {
    readonly id: string
    readonly checkout_id: string
    readonly comment?: string
  }[]
  readonly tests: readonly {
    readonly path: string
    readonly status: string
    readonly build_id: string
    readonly log_excerpt?: string
    readonly start_time?: string
  }[]
}

/** As it is submitted. */
function report(run: ScriptedRun, names: KcidbNames = { origin: 'hil' }): Report {
  return JSON.parse(JSON.stringify(toKcidb(run.record, names))) as Report
}

describe('the report for KernelCI', () => {
  it('tells of code that fails, of a bench that does, and of what was not run', () => {
    assert.deepEqual(
      report(eventfulRun()).tests.map(({ path, status }) => [path, status]),
      [
        ['tests.boot.boot.passes', 'PASS'],
        ['tests.boot.boot.fails', 'FAIL'],
        ['tests.boot.boot.dies', 'MISS'],
        ['tests.boot.boot.flakes', 'PASS'],
        ['tests.boot.boot.skips', 'SKIP'],
        ['tests.boot.boot.never_runs', 'MISS'],
        ['tests.boot.boot.NUL_and_100', 'MISS'],
      ],
    )
  })

  it('has a build for each kernel that was seen, and each test one of them', () => {
    const { builds = [], checkouts = [], tests } = report(eventfulRun())
    assert.deepEqual(
      builds.map(({ comment }) => comment),
      ['Linux version 6.1.0 (a@b)'],
    )
    assert.deepEqual(
      checkouts.map(({ id }) => id),
      builds.map((build) => build.checkout_id),
    )
    assert.ok(tests.every(({ build_id: id }) => builds.some((build) => build.id === id)))
  })

  it('refers to a build that was submitted already', () => {
    const { builds, checkouts, tests } = report(eventfulRun(), { origin: 'hil', build: 'maestro:123' })
    assert.deepEqual([builds, checkouts], [undefined, undefined])
    assert.ok(tests.every(({ build_id: id }) => id === 'maestro:123'))
  })

  it('is no silence where no test was reached', () => {
    const run = new ScriptedRun().finish('infrastructure-failed', {
      error: { ...timeoutError, message: 'no power' },
    })
    assert.deepEqual(
      report(run).tests.map(({ path, status }) => [path, status]),
      [['hil.run', 'MISS']],
    )
  })

  it('holds no control character of what the board said', () => {
    const [, fails] = report(eventfulRun()).tests
    assert.match(fails?.log_excerpt ?? '', /ab/)
    assert.doesNotMatch(JSON.stringify(report(eventfulRun())), /\\u00(?:0[0-8b-f]|1)/)
  })

  it('takes its names from the environment, and refuses those that the database would', () => {
    assert.deepEqual(kcidbNames({}), { origin: 'hil', build: undefined })
    assert.deepEqual(
      kcidbNames({ HIL_KCIDB_ORIGIN: 'acme_1', HIL_KCIDB_BUILD: 'acme_1:x' }).build,
      'acme_1:x',
    )
    for (const environment of [{ HIL_KCIDB_ORIGIN: 'A-b' }, { HIL_KCIDB_BUILD: 'nocolon' }]) {
      assert.throws(() => kcidbNames(environment), { code: 'kcidb.name', blame: 'environment' })
    }
  })
})
