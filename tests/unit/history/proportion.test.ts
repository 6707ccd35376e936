import assert from 'node:assert/strict'
import { median } from '../../../src/history/statistics/median.ts'
import { proportion } from '../../../src/history/statistics/proportion.ts'

describe('a share of trials', () => {
  it("has Wilson's interval", () => {
    // The values of the R function binom::binom.wilson for 3 of 40.
    const { rate, low, high } = proportion(3, 40) ?? { rate: 0, low: 0, high: 0 }
    assert.deepEqual(
      [rate, low, high].map((value) => value.toFixed(4)),
      ['0.0750', '0.0258', '0.1986'],
    )
  })

  it('is uncertain where it is none or all of few', () => {
    assert.deepEqual(proportion(0, 10)?.low, 0)
    assert.equal(proportion(0, 10)?.high.toFixed(3), '0.278')
    assert.equal(proportion(10, 10)?.low.toFixed(3), '0.722')
    assert.equal(proportion(10, 10)?.high.toFixed(6), '1.000000')
  })

  it('is nothing without trials', () => {
    assert.equal(proportion(0, 0), undefined)
  })
})

describe('the median', () => {
  it('is the value in the middle, or between the two', () => {
    assert.equal(median([3, 1, 2]), 2)
    assert.equal(median([4, 1, 3, 2]), 2.5)
    assert.ok(Number.isNaN(median([])))
  })
})
