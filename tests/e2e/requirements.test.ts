import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import type { Summary } from '../../scripts/test/summary-reporter.mjs'
import { demandedRequirements, requirement } from '../support/requirements.ts'

describe('what HIL_REQUIRE demands', () => {
  for (const name of demandedRequirements()) {
    it(`has ${name} on this machine`, () => {
      const { available, reason } = requirement(name)
      assert.ok(available, reason)
    })
  }
})

describe('a test that needs something of the machine', () => {
  let directory = ''

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hil-test-'))
  })
  afterEach(() => rm(directory, { recursive: true }))

  async function runFixture(demanded: string) {
    const summaryFile = join(directory, 'summary.json')
    const { exitCode, stdout } = await execa({
      reject: false,
      env: { HIL_REQUIRE: demanded, HIL_BAREBOX: '/no/such/image' },
    })('node_modules/.bin/mocha', [
      '--reporter=scripts/test/summary-reporter.mjs',
      `--reporter-option=summary=${summaryFile}`,
      'tests/fixtures/requirements/needs.ts',
    ])
    const summary = JSON.parse(await readFile(summaryFile, 'utf8')) as Summary
    return { exitCode, stdout, summary }
  }

  it('runs where that is there, and is skipped with the reason in its title where it is not', async () => {
    const { exitCode, summary } = await runFixture('')
    assert.equal(exitCode, 0)
    assert.equal(summary.passed, 1)
    assert.equal(summary.failed, 0)
    assert.equal(summary.skipped.length, 4)
    assert.match(summary.skipped[0] ?? '', /lacks something \[skipped: no-such-program is not installed\]/)
    assert.ok(summary.skipped.every((title) => title.includes('[skipped: ')))
  })

  it('fails where HIL_REQUIRE names what is not there, and only then', async () => {
    const { exitCode, summary, stdout } = await runFixture('no-such-program')
    assert.equal(exitCode, 2)
    assert.equal(summary.passed, 1)
    assert.equal(summary.failed, 2)
    assert.equal(summary.skipped.length, 1)
    assert.match(stdout, /HIL_REQUIRE demands no-such-program, but no-such-program is not installed/)
  })
})
