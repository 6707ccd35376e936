import assert from 'node:assert/strict'
import { simulate, type Planted } from '../../support/bisect/simulate.ts'

/** Each history is bisected with as many seeds; `HIL_BISECT_SEEDS` for more. */
const seeds = Number(process.env['HIL_BISECT_SEEDS'] ?? 40)

function all(planted: Omit<Planted, 'seed'>) {
  return Array.from({ length: seeds }, (_, seed) => simulate({ ...planted, seed: seed + 1 }))
}

const line = { size: 100, merges: 0 }
const merged = { size: 100, merges: 0.3 }

describe('The search for a change', () => {
  const certain: Readonly<Record<string, Omit<Planted, 'seed'>>> = {
    'a line': line,
    'a history with merges': merged,
    'a fix': { ...merged, change: 'fix' },
    'four boards': { ...merged, boards: 4 },
    'a bench that fails in three of ten runs': { ...merged, infrastructure: 0.3 },
  }
  for (const [name, planted] of Object.entries(certain)) {
    it(`names the culprit each time: ${name}`, () => {
      const wrong = all(planted).filter(
        ({ isRight, conclusion }) => !isRight || conclusion.kind !== 'found' || !conclusion.isSure,
      )
      assert.deepEqual(wrong, [])
    })
  }

  it('names candidates among which the culprit is, where others do not build', () => {
    for (const boards of [1, 3]) {
      const results = all({ ...merged, unbuildable: 0.2, boards })
      assert.deepEqual(
        results.filter(({ isHonest }) => !isHonest),
        [],
      )
      assert.ok(results.some(({ conclusion }) => conclusion.kind === 'narrowed'))
      assert.ok(results.filter(({ isRight }) => isRight).length > seeds / 2)
    }
  })

  for (const failureRate of [0.6, 0.3, 0.1]) {
    it(`is wrong no more often than it promises where the failure shows in ${failureRate * 100}% of runs`, () => {
      const results = all({ size: 40, merges: 0.2, failureRate, confidence: 0.95 })
      const wrong = results.filter(({ isHonest }) => !isHonest).length
      // Three standard deviations above what was promised.
      assert.ok(wrong <= seeds * 0.05 + 3 * Math.sqrt(seeds * 0.05 * 0.95), `${wrong} of ${seeds} are wrong`)
    })
  }

  it('needs as many rounds as its boards allow: log base k+1', () => {
    for (const [boards, rounds] of [
      [1, 14],
      [2, 9],
      [4, 6],
    ] as const) {
      const { isRight, searchRounds } = simulate({ size: 10_000, merges: 0, seed: 7, boards })
      assert.ok(isRight)
      assert.ok(searchRounds <= rounds, `${searchRounds} rounds with ${boards} boards`)
    }
  })
})
