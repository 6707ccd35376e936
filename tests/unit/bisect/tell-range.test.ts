import assert from 'node:assert/strict'
import { tellRange } from '../../../src/bisect/tell-range.ts'
import { CommitGraph } from '../../../src/bisect/search/commit-graph.ts'
import type { SearchProblem } from '../../../src/bisect/search/evidence.ts'
import { probeRecord } from '../app/bisect/record.ts'
import { simulateBisection } from '../../support/bisections/simulate-bisection.ts'

const graph = new CommitGraph(
  Array.from({ length: 100 }, (_, index) => ({ id: `c${index + 1}`, parents: [`c${index}`] })),
)

function tell(
  ...outcomes: readonly (readonly [commit: string, outcome: 'pass' | 'fail' | 'infrastructure'])[]
) {
  const probes = outcomes.map(([commit, outcome], index) => ({
    ...probeRecord(commit, outcome),
    number: index + 1,
  }))
  return tellRange({ graph, change: 'regression' }, { builds: [], setAside: {}, probes })
}

describe('how a range becomes smaller', () => {
  it('is told before the first run and after each', () => {
    const { steps, places } = tell(['c100', 'fail'], ['c50', 'pass'], ['c75', 'fail'])
    const suspect = steps.map(({ spans }) => spans.filter(({ share }) => share > 0.1))
    assert.deepEqual(
      suspect.map((spans) => spans.map(({ from, to }) => [from, to])),
      [[[1, 100]], [[1, 100]], [[51, 100]], [[51, 75]]],
    )
    assert.deepEqual(places, { c100: 100, c50: 50, c75: 75, c1: 1, c51: 51 })
  })

  it('leaves out what builds the same kernel, as soon as that was known and no sooner', () => {
    const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString()
    const built = (commit: string, second: number) => ({
      ...{ commit, startedAt: at(second), durationMs: 500 },
      identity: 'the same',
    })
    const probes = ['c100', 'c50'].map((commit, index) => ({
      ...probeRecord(commit, index === 0 ? 'fail' : 'pass'),
      ...{ number: index + 1, startedAt: at(10 * index), durationMs: 5000 },
    }))
    const builds = [built('c50', 0), built('c90', 12)]
    const { steps } = tellRange({ graph, change: 'regression' }, { builds, setAside: {}, probes })
    const suspect = steps.map(({ spans }) => spans.filter(({ share }) => share > 0.1))
    assert.deepEqual(
      suspect[1]?.map(({ from, to }) => [from, to]),
      [[1, 100]],
    )
    assert.deepEqual(
      suspect[2]?.map(({ from, to }) => [from, to]),
      [[91, 100]],
    )
  })

  it('leaves out from the first what can not have made the change, such as an end that touches none of the paths', () => {
    const range: SearchProblem = { graph, change: 'regression', excluded: new Set(['c100']) }
    const { steps } = tellRange(range, { builds: [], setAside: {}, probes: [probeRecord('c100', 'fail')] })
    for (const { spans } of steps) assert.deepEqual([spans[0]?.from, spans.at(-1)?.to], [1, 99])
  })

  it('is not changed by a run that says nothing', () => {
    const { steps } = tell(['c100', 'fail'], ['c50', 'infrastructure'])
    assert.equal(steps[1], steps[2])
  })

  it('has nothing left where runs contradict each other', () => {
    const { steps } = tell(['c100', 'fail'], ['c0', 'fail'])
    assert.deepEqual(steps.at(-1), { left: 0, likeliest: '', probability: 0, spans: [] })
  })

  it('shows what is less suspect than the rest as such, where failures are rare', () => {
    const { steps } = tell(['c100', 'fail'], ['c100', 'pass'], ['c100', 'pass'], ['c50', 'pass'])
    const spans = steps.at(-1)?.spans ?? []
    assert.deepEqual(
      spans.map(({ from, to }) => [from, to]),
      [
        [1, 50],
        [51, 100],
      ],
    )
    assert.ok((spans[0]?.share ?? 1) < 0.9)
    assert.equal(spans[1]?.share, 1)
  })

  it('always has the culprit among what is left, in few spans, also where branches lie among each other', () => {
    for (const seed of [1, 2, 3, 4]) {
      const { story, culprit, record } = simulateBisection({ seed, commits: 2000, merges: true })
      assert.equal(story.steps.length, record.probes.length + 1)
      const place = story.places[culprit] ?? 0
      for (const { spans } of story.steps) {
        assert.ok(spans.length <= 60)
        assert.ok(
          spans.some(({ from, to }) => from <= place && place <= to),
          `seed ${seed}: ${place}`,
        )
        assert.ok(spans.every(({ from, to, share }) => from <= to && share > 0 && share <= 1))
      }
    }
  })
})
