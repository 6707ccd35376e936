import assert from 'node:assert/strict'
import type { RunEventBody } from '../../../../src/core/events.ts'
import { FailedTests, type FindPast } from '../../../../src/session/group/failed-tests.ts'

/** A test that fails, one that fails and then passes, and one that passes. */
const events: readonly RunEventBody[] = [
  ...attempt('fails', 'failed'),
  ...attempt('flickers', 'failed', true),
  ...attempt('flickers', 'passed'),
  ...attempt('passes', 'passed'),
]

function attempt(id: string, outcome: 'passed' | 'failed', willRetry = false): readonly RunEventBody[] {
  return [
    { type: 'test-started', id, file: 'a.spec.ts', boards: ['sim'], titles: [id], attempt: 1 },
    { type: 'test-ended', id, attempt: 1, outcome, durationMs: 1, console: {}, willRetry },
  ]
}

async function told(findPast: FindPast, patienceMs?: number): Promise<readonly RunEventBody[]> {
  const tests = new FailedTests(findPast, patienceMs)
  for (const event of events) tests.see(event)
  const emitted: RunEventBody[] = []
  await tests.tell((event) => emitted.push(event))
  return emitted
}

describe('the past of failed tests', () => {
  it('is asked for of those that failed for good', async () => {
    assert.deepEqual(
      await told((failed) => Promise.resolve(failed.map(({ id }) => ({ id, failedRuns: 3 })))),
      [{ type: 'test-past', id: 'fails', failedRuns: 3 }],
    )
  })

  it('is left out where nobody knows it, or not in time', async () => {
    assert.deepEqual(await told(() => Promise.reject(new Error('history is away'))), [])
    assert.deepEqual(await told(() => new Promise(() => undefined), 10), [])
  })
})
