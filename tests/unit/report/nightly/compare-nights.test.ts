import assert from 'node:assert/strict'
import { compareNights, hasNews } from '../../../../src/report/nightly/compare-nights.ts'
import type { NightRecord } from '../../../../src/core/night-record.ts'
import { asEarlier, pastNight } from '../../app/nightly/nights.ts'

const boot = (ms: number) => pastNight({ boot: ['passed', ms] })

/** @param usual the median of earlier nights, where there is any */
function slower(now: NightRecord, before: NightRecord, usual?: number) {
  const boots = new Map(usual === undefined ? [] : [['a/p/boot', usual]])
  return compareNights(now, asEarlier(before), boots).slowerBoots.map(({ wasMs, isMs }) => [wasMs, isMs])
}

describe('a night beside an earlier one', () => {
  it('tells of boots that take a fifth and two seconds longer, and of no less', () => {
    assert.deepEqual(slower(boot(12_000), boot(10_000)), [[10_000, 12_000]])
    assert.deepEqual(slower(boot(11_999), boot(10_000)), [], 'it is not two seconds')
    assert.deepEqual(slower(boot(4000), boot(3000)), [], 'it is a third, of little')
    assert.deepEqual(slower(boot(63_000), boot(60_000)), [], 'three seconds of a minute')
  })

  it('holds boots against what is usual, not against one night', () => {
    assert.deepEqual(slower(boot(10_000), boot(7000), 9900), [], 'last night was fast')
    assert.deepEqual(slower(boot(14_000), boot(10_000), 10_000), [[10_000, 14_000]])
  })

  it('tells of a boot that has become slower once', () => {
    assert.deepEqual(slower(boot(14_000), boot(14_200), 10_000), [])
  })

  it('sorts what is new from what is as it was', () => {
    const before = pastNight({
      ...{ breaks: ['passed', 1], still: ['test-failed', 1], mended: ['board-failed', 1] },
      ...{ loose: ['passed', 1], moody: ['passed', 1] },
    })
    const now = pastNight({
      ...{ breaks: ['test-failed', 1], still: ['test-failed', 1], mended: ['passed', 1] },
      ...{ loose: ['infrastructure-failed', 1], moody: ['flaky', 1], added: ['test-failed', 1] },
    })
    const ofBench = now.cells.map((cell) =>
      cell.spec === 'loose' ? { ...cell, blame: 'infrastructure' as const } : cell,
    )
    const found = compareNights({ ...now, cells: ofBench }, asEarlier(before), new Map())
    const specs = (cells: NightRecord['cells']) => cells.map(({ spec }) => spec)
    assert.deepEqual(specs(found.newFailures), ['breaks', 'added'])
    assert.deepEqual(specs(found.newTrouble), ['loose'])
    assert.deepEqual(specs(found.fixed), ['mended'])
    assert.deepEqual(specs(found.flaky), ['moody'])
    assert.equal(found.stillFailing, 1)
    assert.equal(hasNews(found), true)
    assert.equal(hasNews(compareNights(now, asEarlier(now), new Map())), false)
  })
})
