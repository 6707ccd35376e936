import assert from 'node:assert/strict'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { thinkApart } from '../../../../../src/app/bisect/thinker/think-apart.ts'
import { thinkHere, type Question } from '../../../../../src/app/bisect/thinker/thinker.ts'
import { toBisection, type BisectionPlan } from '../../../../../src/bisect/search/bisection.ts'
import type { ProbeRecord } from '../../../../../src/core/bisection-record.ts'
import { goodEnd, syntheticHistory } from '../../../../support/bisect/synthetic-history.ts'

function planFor(size: number): BisectionPlan {
  const commits = syntheticHistory({ size, merges: 0.3, seed: 1 })
  return {
    ...{ change: 'regression', range: { commits, excluded: [], origins: {} }, earlierEnds: [goodEnd] },
    ...{ failingEnd: commits.at(-1)?.id ?? '', passingEnds: [goodEnd] },
    ...{ confidence: 0.99, checks: 3, patience: 10, revert: true },
  }
}

/** Both ends have shown what they are, and commits are to be chosen. */
function questionOf({ failingEnd, passingEnds }: BisectionPlan): Question {
  const probe = (number: number, commit: string, outcome: 'pass' | 'fail'): ProbeRecord => ({
    ...{ number, commit, purpose: 'search', board: 'one', startedAt: '2026-01-01T00:00:00.000Z' },
    ...{ durationMs: 1000, outcome, why: 'made up', powerCycles: 1 },
  })
  const probes = [
    ...[1, 2, 3].map((number) => probe(number, failingEnd, 'fail')),
    ...[4, 5, 6].map((number) => probe(number, passingEnds[0] ?? '', 'pass')),
  ]
  const times = { run: 60_000, build: 120_000, ready: new Set([failingEnd]) }
  return { record: { builds: [], probes, setAside: {} }, means: { running: [], boards: 4, times } }
}

describe('A thread that chooses what to run', () => {
  it('chooses what this thread would choose', async () => {
    const plan = planFor(200)
    await using apart = thinkApart(plan)
    await using here = thinkHere(toBisection(plan))
    const question = questionOf(plan)
    const decision = await apart.decide(question)
    assert.deepEqual(decision, await here.decide(question))
    assert.equal(decision.kind === 'run' && decision.probes.length > 0, true)
    const running = {
      ...question,
      means: { ...question.means, running: decision.kind === 'run' ? decision.probes : [] },
    }
    assert.deepEqual(await apart.lookAhead(running), await here.lookAhead(running))
  })

  it('leaves this one free meanwhile, also when it takes a while', async () => {
    const plan = planFor(4000)
    await using apart = thinkApart(plan)
    let isOver = false
    const decided = apart.decide(questionOf(plan)).finally(() => (isOver = true))
    let turns = 0
    for (; !isOver; turns++) await nextTurn()
    assert.equal((await decided).kind, 'run')
    assert.ok(turns > 100, `${turns} turns`)
  })

  it('says that it has ended to whoever still waits, and to whoever asks then', async () => {
    const plan = planFor(200)
    const apart = thinkApart(plan)
    const waiting = apart.decide(questionOf(plan))
    await Promise.all([assert.rejects(waiting, /has ended/), apart[Symbol.asyncDispose]()])
    await assert.rejects(apart.decide(questionOf(plan)), /has ended/)
  })
})
