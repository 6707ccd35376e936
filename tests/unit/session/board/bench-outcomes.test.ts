import assert from 'node:assert/strict'
import { HilError, toSerializedError, type Blame } from '../../../../src/core/errors.ts'
import { verdictOf } from '../../../../src/core/verdicts.ts'
import { benchOutcomes } from '../../../../src/session/board/bench-outcomes.ts'

describe('What a run says of the benches of its boards', () => {
  const failure = (blame: Blame, code = 'power.command-failed', details = {}) =>
    new HilError(code, `${code} went wrong`, { blame, details })
  const failedTest = (error: HilError) => ({
    outcome: 'failed' as const,
    verdict: verdictOf(error.blame),
    error: toSerializedError(error),
  })
  const passedTest = { outcome: 'passed', verdict: 'passed' } as const
  const kinds = (outcomes: ReturnType<typeof benchOutcomes>) =>
    Object.fromEntries([...outcomes].map(([board, { kind }]) => [board, kind]))

  it('is that they failed where an infrastructure error says so, also after tests that passed', () => {
    const results = [passedTest, failedTest(failure('infrastructure'))]
    assert.deepEqual(Object.fromEntries(benchOutcomes(['one'], { results })), {
      one: { kind: 'failed', message: 'power.command-failed went wrong' },
    })
    const error = failure('infrastructure', 'console.lost')
    assert.deepEqual(kinds(benchOutcomes(['one'], { results: [], error })), { one: 'failed' })
  })

  it('is that they work where tests failed by their own fault, or by that of what was booted', () => {
    for (const blame of ['test', 'board', 'payload'] as const) {
      assert.deepEqual(kinds(benchOutcomes(['one'], { results: [failedTest(failure(blame))] })), {
        one: 'worked',
      })
    }
  })

  it('accuses only the board that an error names, where it names one of them', () => {
    const named = failedTest(failure('infrastructure', 'power.lies', { board: 'two' }))
    const both = { one: 'worked', two: 'failed' }
    assert.deepEqual(kinds(benchOutcomes(['one', 'two'], { results: [named] })), both)
    const unnamed = failedTest(failure('infrastructure'))
    const all = { one: 'failed', two: 'failed' }
    assert.deepEqual(kinds(benchOutcomes(['one', 'two'], { results: [unnamed] })), all)
  })

  it('is nothing where somebody else had the board, where all is wrong before it, or no test ran', () => {
    const nothing = [
      failure('infrastructure', 'lock.held'),
      failure('infrastructure', 'lab.quarantined'),
      failure('environment', 'spec.no-tests'),
    ]
    for (const error of nothing) assert.equal(benchOutcomes(['one'], { results: [], error }).size, 0)
    assert.equal(benchOutcomes(['one'], { results: [{ outcome: 'skipped', verdict: undefined }] }).size, 0)
    assert.equal(benchOutcomes(['one'], { results: [failedTest(failure('environment'))] }).size, 0)
  })

  it('is nothing where the host is not well: every board would fail by that', () => {
    const full = failure('infrastructure', 'report.write')
    assert.equal(benchOutcomes(['one'], { results: [], error: full }).size, 0)
    assert.equal(benchOutcomes(['one'], { results: [failedTest(full)] }).size, 0)
    assert.deepEqual(kinds(benchOutcomes(['one'], { results: [passedTest, failedTest(full)] })), {
      one: 'worked',
    })
  })
})
