import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { minutesFrom } from '../../../scripts/setup/minutes.mjs'
import { writeProgress } from '../../../scripts/test/progress.mjs'
import { untilOverdue } from '../../../scripts/test/watchdog.mjs'

describe('the watchdog of npm test', () => {
  let directory = ''
  let file = ''
  const watch = new AbortController()
  const limits = { startMs: 5000, stallMs: 1, totalMs: Infinity, partingMs: 1 }

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hil-test-'))
    file = join(directory, 'progress.json')
  })
  afterEach(() => rm(directory, { recursive: true }))
  after(() => watch.abort())

  const running = (timeoutMs: number) =>
    writeProgress(file, {
      passed: 0,
      failed: 0,
      skipped: [],
      flaky: [],
      failures: [],
      running: { title: 'takes its time', file: 'a.test.ts', timeoutMs },
      ended: false,
      pid: process.pid,
    })

  it('grants a test the timeout that it has of its own', async () => {
    running(10_000)
    const overdue = untilOverdue(file, limits, watch.signal)
    assert.equal(await Promise.race([overdue, wait(50, 'not overdue')]), 'not overdue')
  })

  it('does not wait for ever for a test without one', async () => {
    running(0)
    assert.equal(
      await untilOverdue(file, limits, watch.signal),
      'No test ended for 0 s. Running is "takes its time" of a.test.ts.',
    )
  })

  it('has no limits where they are set to 0', () => {
    assert.equal(minutesFrom({ LIMIT: '0' }, 'LIMIT', 5), Infinity)
    assert.equal(minutesFrom({ LIMIT: '1.5' }, 'LIMIT', 5), 90_000)
    assert.equal(minutesFrom({ LIMIT: '' }, 'LIMIT', 5), 300_000)
    assert.throws(
      () => minutesFrom({ LIMIT: 'soon' }, 'LIMIT', 5),
      /^Error: LIMIT is "soon": write a number of minutes\.$/,
    )
  })
})
