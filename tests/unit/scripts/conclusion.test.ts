import assert from 'node:assert/strict'
import { conclusion } from '../../../scripts/test/conclusion.mjs'
import type { Progress } from '../../../scripts/test/progress.mjs'

describe('the last lines of npm test', () => {
  const ended: Progress = {
    passed: 7,
    failed: 0,
    skipped: [],
    flaky: [],
    failures: [],
    running: undefined,
    ended: true,
    pid: 1,
  }

  it('are the count alone when nothing was skipped', () => {
    assert.equal(conclusion(0, ended), '7 passed, 0 failed, 0 skipped')
  })

  it('list each skipped test with its reason, or that it has none', () => {
    const skipped = ['a b [skipped: no image]', 'c d']
    assert.deepEqual(conclusion(2, { ...ended, failed: 2, skipped }).split('\n'), [
      'Skipped:',
      '  - a b [skipped: no image]',
      '  - c d [skipped: no reason was given]',
      '',
      '7 passed, 2 failed, 2 skipped',
    ])
  })

  it('say what failed and why once more, below all that is told of the tests', () => {
    const failures = ['a b: no prompt\n    at somewhere']
    assert.deepEqual(conclusion(1, { ...ended, failed: 1, flaky: ['c d: too late'], failures }).split('\n'), [
      'Flaky, that is failed and then passed:',
      '  - c d: too late',
      '',
      'Failed:',
      '  - a b: no prompt',
      '        at somewhere',
      '',
      '7 passed, 1 failed, 0 skipped',
    ])
  })

  it('count one failure when mocha failed before or beside its tests', () => {
    assert.equal(conclusion(1, undefined), '0 passed, 1 failed, 0 skipped')
    assert.equal(conclusion(1, ended), '7 passed, 1 failed, 0 skipped')
  })

  it('count the test in which mocha was cut off', () => {
    const running = { title: 'hangs', file: 'a.test.ts', timeoutMs: 0 }
    assert.equal(
      conclusion(1, { ...ended, failed: 2, running, ended: false }),
      '7 passed, 3 failed, 0 skipped',
    )
  })
})
