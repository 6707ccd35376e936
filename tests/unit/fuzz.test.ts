import assert from 'node:assert/strict'
import { fuzz } from '../support/fuzz/run-target.ts'
import { fuzzTargets } from '../support/fuzz/targets/index.ts'
import { fuzzRuns } from '../support/fuzz/runs.ts'

/** Of a process that reads hostile files one after the other; Node itself and the tools of the test take 100 MB. */
const memoryBound = 256 << 20

const { HIL_FUZZ_SEED: seed, HIL_FUZZ_PATH: path } = process.env

describe('Damaged and hostile input', () => {
  for (const { name, share } of fuzzTargets) {
    it(`for ${name} gives a right result or the reader's own error, in bounded time and memory`, async function () {
      this.timeout(0)
      const report = await fuzz({
        target: name,
        runs: fuzzRuns({ usual: Math.ceil(10_000 * share), share }),
        seed: seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(seed),
        path,
      })
      assert.ok(report.peakMemory < memoryBound, `${report.peakMemory >> 20} MB`)
      if (process.env['HIL_FUZZ_RUNS'] !== undefined) {
        const seconds = (report.milliseconds / 1000).toFixed(0)
        const memory = report.peakMemory >> 20
        process.stdout.write(`      ${report.inputs} inputs, ${seconds} s, at most ${memory} MB in memory\n`)
      }
    })
  }
})
