import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bisectionFile } from '../../../../src/app/bisect/bisection-file.ts'
import { earlierTimes } from '../../../../src/app/bisect/earlier-times.ts'
import { estimateOf, type Workload } from '../../../../src/app/bisect/estimate.ts'
import type { BisectionRecord } from '../../../../src/core/bisection-record.ts'
import { estimateText } from '../../../../src/report/bisect/estimate-text.ts'
import { simulateBisection } from '../../../support/bisections/simulate-bisection.ts'
import { useScratch } from '../../codecs/oracle.ts'
import { bisectionRecord, buildRecord, probeRecord } from './record.ts'

const usual: Workload = { checks: 3, revert: true, budget: {} }
const minute = 60_000

/** A record as it is before anything was built. */
function beginning(given: Partial<BisectionRecord> = {}): BisectionRecord {
  return bisectionRecord({
    ...{ ends: { failing: 'bad', passing: ['good'] }, rangeSize: 3200, boards: ['one'], ...given },
  })
}

describe('the estimate of a bisection', () => {
  it('is there before anything was run, and says when its time will be known', () => {
    const estimate = estimateOf(beginning(), usual, {})
    assert.deepEqual(estimate, { rounds: 12, runs: 23, builds: 15, beyond: [] })
    assert.equal(
      estimateText(estimate),
      '12 rounds if all goes well, 23 runs and 15 builds; how long that takes is known after the first build and run',
    )
  })

  it('is near what it takes where nothing goes wrong', () => {
    for (const boards of [['a'], ['a', 'b'], ['a', 'b', 'c', 'd']]) {
      for (const commits of [64, 1624]) {
        const { record } = simulateBisection({ commits, boards })
        const { runs, builds, ms } = estimateOf({ ...record, builds: [], probes: [] }, usual, {
          run: 56_000,
          build: 120_000,
        })
        const about = (name: string, told: number, real: number) => {
          assert.ok(
            told > real * 0.6 && told < real * 1.6,
            `${name} of ${commits} commits on ${boards.length} boards: ${told}, and it took ${real}`,
          )
        }
        about('runs', runs, record.probes.length)
        about('builds', builds, record.builds.length)
        about('time', ms ?? 0, record.activeMs)
      }
    }
  })

  it('knows the time from earlier bisections, and better from its own builds and runs', () => {
    const earlier = { run: minute, build: 2 * minute }
    const before = estimateOf(beginning(), usual, earlier).ms ?? 0
    assert.equal(before, 3 * 2 * minute + 12 * 3 * minute + 11 * minute)
    const slower = { ...buildRecord('bad'), durationMs: 4 * minute }
    const after = estimateOf(beginning({ builds: [slower] }), usual, earlier).ms ?? 0
    assert.equal(after - before, (3 + 12) * 2 * minute)
    assert.equal(estimateOf(beginning(), usual, { run: minute }).ms, undefined, 'builds are not known')
  })

  it('has no builds where payloads are there', () => {
    const source = { kind: 'payloads', from: '/payloads' } as const
    const estimate = estimateOf(
      beginning({ source, rangeSize: 9 }),
      { ...usual, revert: false },
      { run: minute },
    )
    assert.deepEqual(estimate, { rounds: 4, runs: 12, builds: 0, ms: 12 * minute, beyond: [] })
    assert.equal(estimateText(estimate), '4 rounds if all goes well, 12 runs, about 12 min')
  })

  it('names the limits that will not do', () => {
    const budget = { timeMs: 30 * minute, builds: 10, powerCycles: 100 }
    const estimate = estimateOf(beginning(), { ...usual, budget }, { run: minute, build: minute })
    assert.match(estimateText(estimate), /; more than --max-time 30 min and --max-builds 10 allows$/)
  })
})

describe('the times of earlier bisections', () => {
  const scratch = useScratch()

  function keep(name: string, given: Partial<BisectionRecord> | string): void {
    mkdirSync(join(scratch(), name))
    const text = typeof given === 'string' ? given : JSON.stringify(beginning({ id: name, ...given }))
    writeFileSync(join(scratch(), name, bisectionFile), text)
  }

  const run = (durationMs: number) => [{ ...probeRecord('x', 'pass'), durationMs }]
  const build = (durationMs: number) => [{ ...buildRecord('x'), durationMs }]
  const tree = (repository: string) =>
    ({ kind: 'kernel-tree', repository, firstParent: false, paths: [], skipped: [] }) as const

  it('are those of the latest that ran the same, and of the latest that built the same', async () => {
    keep('1-bisect', { probes: run(1000), builds: build(2000) })
    keep('2-bisect', { probes: run(1500), source: tree('/other'), builds: build(9000) })
    keep('3-bisect', { probes: run(9000), specs: ['other.spec.ts'] })
    keep('4-bisect', 'no JSON')
    keep('5-bisect', { probes: run(9000) })
    assert.deepEqual(await earlierTimes(scratch(), beginning({ id: '5-bisect' })), { run: 1500, build: 2000 })
  })

  it('are not known where there were none', async () => {
    assert.deepEqual(await earlierTimes(join(scratch(), 'reports'), beginning()), {})
  })
})
