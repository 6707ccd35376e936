import assert from 'node:assert/strict'
import { HilError, type Blame } from '../../../src/core/errors.ts'
import type { Verdict } from '../../../src/core/verdicts.ts'
import { judge } from '../../../src/session/judge.ts'
import type { GroupOutcome } from '../../../src/session/group/group-run.ts'

const options = { exitMode: 'run', failOnFlaky: false } as const

function group(verdicts: readonly Verdict[], more: Partial<GroupOutcome> = {}): GroupOutcome {
  const results = verdicts.map((verdict) => ({
    outcome: verdict === 'passed' || verdict === 'flaky' ? ('passed' as const) : ('failed' as const),
    verdict,
  }))
  return { results, error: undefined, releaseErrors: [], ...more }
}

const error = (blame: Blame) => new HilError('test.wrong', `blame ${blame}`, { blame })

describe('judge', () => {
  it('takes the gravest verdict of all groups and counts their tests', () => {
    const groups = [group(['passed', 'flaky']), group(['test-failed', 'board-failed', 'passed'])]
    assert.deepEqual(judge(groups, options, undefined), {
      verdict: 'board-failed',
      exitCode: 1,
      counts: { passed: 2, failed: 2, skipped: 0, flaky: 1 },
    })
  })

  it('counts what kept a group from running', () => {
    const outcome = judge(
      [group(['passed']), group([], { error: error('infrastructure') })],
      options,
      undefined,
    )
    assert.equal(outcome.verdict, 'infrastructure-failed')
    assert.equal(outcome.exitCode, 3)
    assert.equal((outcome.error as Error).message, 'blame infrastructure')
  })

  it('lets trouble at release fail a pass, and hide no failure', () => {
    const releaseErrors = [error('infrastructure')]
    assert.equal(judge([group(['passed'], { releaseErrors })], options, undefined).exitCode, 3)
    assert.equal(
      judge([group(['test-failed'], { releaseErrors })], options, undefined).verdict,
      'test-failed',
    )
  })

  it('lets a broken reader fail a pass as a bug of hil', () => {
    const readerFailures = () => [{ reader: 'junit.xml', error: new Error('disk full') }]
    const outcome = judge([group(['passed'])], { ...options, readerFailures }, undefined)
    assert.equal(outcome.exitCode, 4)
    assert.match((outcome.error as Error).message, /junit\.xml: disk full/)
  })

  it('exits as git bisect wants it', () => {
    const exit = (verdict: Verdict) =>
      judge([group([verdict])], { ...options, exitMode: 'bisect' }, undefined).exitCode
    assert.deepEqual(
      (
        ['passed', 'test-failed', 'payload-unusable', 'environment-wrong', 'infrastructure-failed'] as const
      ).map(exit),
      [0, 1, 125, 128, 129],
    )
  })

  it('exits with 1 for a flaky test where that is asked for', () => {
    assert.equal(judge([group(['flaky'])], options, undefined).exitCode, 0)
    assert.equal(judge([group(['flaky'])], { ...options, failOnFlaky: true }, undefined).exitCode, 1)
  })

  it('exits by the signal that interrupted it, and calls that no error', () => {
    const groups = [group(['passed'], { error: new Error('interrupted by SIGTERM') })]
    const outcome = judge(groups, options, 'SIGTERM')
    assert.equal(outcome.exitCode, 143)
    assert.equal(outcome.error, undefined)
  })
})
