import assert from 'node:assert/strict'
import { formatMoment, formatSecond, sinceWhen } from '../../../src/core/moment.ts'

describe('A moment, for people', () => {
  const instant = '2026-11-28T18:35:07.506Z'
  const after = (ms: number) => Date.parse(instant) + ms

  it('is told to the minute, or to the second', () => {
    assert.equal(formatMoment(instant), '2026-11-28 18:35 UTC')
    assert.equal(formatSecond(instant), '2026-11-28 18:35:07 UTC')
    assert.equal(formatSecond('2026-11-28T18:35:07Z'), '2026-11-28 18:35:07 UTC')
  })

  it('is told with how long ago it was, in whole seconds, where it was not just now', () => {
    assert.equal(sinceWhen(instant, after(754_321)), 'since 2026-11-28 18:35 UTC, for 12.6 min')
    assert.equal(sinceWhen(instant, after(999)), 'since 2026-11-28 18:35 UTC')
    assert.equal(sinceWhen(instant, after(-5000)), 'since 2026-11-28 18:35 UTC')
  })
})
