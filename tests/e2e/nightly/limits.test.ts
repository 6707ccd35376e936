import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
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

  it('let a night whose time was used up go on where it stopped, with as much time again', async () => {
    const waiting = shellSpec(
      "it('waits', async function () { this.timeout(0); const { existsSync } = await import('node:fs'); while (!existsSync('go')) await new Promise((resolve) => setTimeout(resolve, 50)) })",
    )
    await using bench = await benchOf('specs: { waits: waits.spec.ts }', 'time: 5s')
    await writeFile(bench.path('waits.spec.ts'), waiting)
    const first = await bench.hil(['nightly', 'plan.yaml'])
    assert.equal(first.exitCode, 3, first.stdout + first.stderr)
    await writeFile(bench.path('go'), '')
    // A busy machine may need longer than five seconds for it, and then once more.
    for (let time = 5; nightOf(bench).stopped !== undefined; time *= 2) {
      assert.ok(time < 300, 'it does not come to its end')
      const plan = await readFile(bench.path('plan.yaml'), 'utf8')
      await writeFile(bench.path('plan.yaml'), plan.replace(/time: \d+s/, `time: ${time}s`))
      await bench.hil(['nightly', 'resume'])
    }
    assert.deepEqual(
      nightOf(bench).cells.map(({ outcome }) => outcome),
      ['passed'],
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
