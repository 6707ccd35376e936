import assert from 'node:assert/strict'
import { segments } from '../../../src/history/statistics/change-points.ts'
import { seededRandom } from '../../../src/history/statistics/random.ts'

/** Values around levels, as many as given for each, with noise of about 3% (the sum of four dice, nearly normal). */
function series(seed: number, ...parts: readonly (readonly [count: number, level: number])[]): number[] {
  const random = seededRandom(seed)
  const noise = () => (random() + random() + random() + random() - 2) * 0.05
  return parts.flatMap(([count, level]) => Array.from({ length: count }, () => level * (1 + noise())))
}

function startsOf(values: readonly number[]): readonly number[] {
  return segments(values)
    .slice(1)
    .map(({ from }) => from)
}

describe('change points of a series', () => {
  it('are none where nothing changes, but for one series in a hundred', () => {
    const alarms = Array.from({ length: 200 }, (_, seed) => startsOf(series(seed, [40, 1000])).length)
    assert.ok(alarms.filter((count) => count > 0).length <= 6)
  })

  it('are found where the level rises, with both medians', () => {
    const [before, after, ...others] = segments(series(1, [20, 1000], [15, 1300]))
    assert.deepEqual([before?.from, before?.to, after?.from, after?.to], [0, 20, 20, 35])
    assert.ok(Math.abs((before?.median ?? 0) - 1000) < 20)
    assert.ok(Math.abs((after?.median ?? 0) - 1300) < 26)
    assert.deepEqual(others, [])
  })

  it('are found soon: by four runs after some thirty, and by five after ten', () => {
    for (const [count, later] of [
      [26, 4],
      [10, 5],
    ] as const) {
      const found = Array.from({ length: 50 }, (_, seed) =>
        startsOf(series(seed, [count, 1000], [later, 1300])),
      )
      assert.ok(
        found.filter(([start]) => Math.abs((start ?? -9) - count) <= 1).length >= 47,
        `${count}+${later}`,
      )
    }
  })

  it('are all found where a level comes and goes', () => {
    assert.deepEqual(startsOf(series(2, [15, 1000], [15, 1500], [15, 1000])), [15, 30])
  })

  it('are not made by runs that took for ever', () => {
    const values = series(3, [40, 1000])
    for (const index of [7, 21, 22, 39]) values[index] = 60_000
    assert.deepEqual(startsOf(values), [])
    const changed = series(3, [20, 1000], [20, 1300])
    for (const index of [4, 9, 30]) changed[index] = 60_000
    assert.deepEqual(startsOf(changed), [20])
  })

  it('are not told of changes too small to matter', () => {
    const values = Array.from({ length: 40 }, (_, index) => (index < 20 ? 1000 : 1020) + (index % 3))
    assert.deepEqual(startsOf(values), [])
    assert.equal(segments(values, { minimumShift: 0.01 }).length, 2)
    assert.equal(segments(values, { minimumShift: 0.01, minimumDifference: 30 }).length, 1)
  })

  it('are told of a level that was always the same, to the millisecond', () => {
    assert.deepEqual(startsOf([...Array<number>(10).fill(5), ...Array<number>(10).fill(9)]), [10])
    assert.deepEqual(startsOf(Array<number>(20).fill(5)), [])
  })

  it('are the same each time', () => {
    const values = series(4, [20, 1000], [4, 1100])
    assert.deepEqual(segments(values), segments(values))
  })

  it('need no values at all', () => {
    assert.deepEqual(segments([]), [])
    assert.deepEqual(segments([3]), [{ from: 0, to: 1, median: 3 }])
  })
})
