import assert from 'node:assert/strict'
import { describePast, pastInBrief } from '../../../src/report/past.ts'

const passed = { startedAt: '2026-11-24T18:00:00.000Z', directory: 'reports/good', kernel: '6.12.1' }
const failed = { startedAt: '2026-11-25T18:00:00.000Z', directory: 'reports/bad', kernel: '6.13.0' }

describe('since when a test fails', () => {
  it('is told with the runs and their kernels', () => {
    assert.equal(
      describePast({ failedRuns: 3, since: failed, lastPassed: passed }),
      'fails since 2026-11-25 18:00 UTC with Linux 6.13.0, 3 runs in a row; passed last on 2026-11-24 18:00 UTC with Linux 6.12.1 (reports/good)',
    )
    assert.equal(
      describePast({ failedRuns: 1, lastPassed: passed }),
      'did not fail the last time: passed last on 2026-11-24 18:00 UTC with Linux 6.12.1 (reports/good)',
    )
    assert.equal(
      describePast({ failedRuns: 2, since: failed }),
      'has not passed yet, 2 runs in a row since 2026-11-25 18:00 UTC with Linux 6.13.0',
    )
  })

  it('is told in brief where there is little room', () => {
    const told = [
      { failedRuns: 3, since: failed, lastPassed: passed },
      { failedRuns: 2, since: failed },
      { failedRuns: 1, lastPassed: passed },
    ].map(pastInBrief)
    assert.deepEqual(told, [
      'fails since 2026-11-25 18:00 UTC, 3 runs',
      'has not passed yet, 2 runs since 2026-11-25 18:00 UTC',
      'passed the last time',
    ])
  })

  it('says so where the kernel can not be why', () => {
    const past = { failedRuns: 2, since: { ...failed, kernel: '6.12.1' }, lastPassed: passed }
    assert.match(describePast(past), /with Linux 6\.12\.1, 2 runs .* 18:00 UTC with the same kernel \(/)
  })
})
