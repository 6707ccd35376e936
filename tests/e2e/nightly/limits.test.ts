import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { NightRecord } from '../../../src/core/night-record.ts'
import { useLabDirectory } from '../../support/lab-directory.ts'
import { makeBench, shellSpec, simulatedBoards, type Bench } from '../../support/simulated-bench.ts'

/** A cell that never comes to its end. */
const hanging = shellSpec("it('hangs', function () { this.timeout(0); return new Promise(() => {}) })")

describe('limits of hil nightly', function () {
  this.timeout(600_000)
  useLabDirectory()

  /** @param lines of the plan */
  function benchOf(...lines: readonly string[]): Promise<Bench> {
    const plan = ['environment: sim', 'payloads: { stock: {} }', 'health: false', ...lines, '']
    return makeBench({
      ...{ 'env/sim.yaml': simulatedBoards(['sim']), 'hangs.spec.ts': hanging },
      'plan.yaml': plan.join('\n'),
    })
  }

  function nightOf(bench: Bench): NightRecord {
    const [name = ''] = readdirSync(bench.path('reports')).filter((each) => each.includes('nightly'))
    return JSON.parse(readFileSync(bench.path(`reports/${name}/night.json`), 'utf8')) as NightRecord
  }

  it('end a cell that hangs, and blame its spec', async () => {
    await using bench = await benchOf('specs: { hangs: { files: hangs.spec.ts, timeout: 5s } }')
    const { exitCode, stdout, stderr } = await bench.hil(['nightly', 'plan.yaml'])
    assert.equal(exitCode, 1, stdout + stderr)
    const night = nightOf(bench)
    assert.deepEqual(
      night.cells.map(({ outcome, blame, attempts }) => [outcome, blame, attempts.length]),
      [['test-failed', 'test', 1]],
    )
    assert.match(night.cells[0]?.why ?? '', /took longer than the 5 ?s that the plan gives it/)
    assert.ok(night.finishedAt !== undefined)
  })

  it('end a night whose time is used up, and keep what it did not come to for later', async () => {
    await using bench = await benchOf('specs: { hangs: hangs.spec.ts }', 'time: 5s')
    const { exitCode, stdout, stderr } = await bench.hil(['nightly', 'plan.yaml'])
    assert.equal(exitCode, 3, stdout + stderr)
    const night = nightOf(bench)
    assert.equal(night.stopped, 'the time that the plan gives is used up')
    assert.deepEqual(
      night.cells.map(({ outcome }) => outcome),
      [undefined],
    )
  })

  it('have no night where the hook before it fails', async () => {
    await using bench = await benchOf(
      ...['specs: { hangs: hangs.spec.ts }', 'hooks: { before: exit 3, after: touch ended }'],
    )
    const { exitCode, stdout, stderr } = await bench.hil(['nightly', 'plan.yaml'])
    assert.equal(exitCode, 3, stdout + stderr)
    assert.equal(nightOf(bench).stopped, 'the hook "before" (exit 3) failed: exit code 3')
    assert.ok(existsSync(bench.path('ended')))
  })
})
