import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BisectionRecord } from '../../../src/core/bisection-record.ts'
import { runHil } from '../../support/run-hil.ts'
import { bisectionRecord, buildRecord, probeRecord } from '../../unit/app/bisect/record.ts'
import { useScratch } from '../../unit/codecs/oracle.ts'

const range = {
  commits: Array.from({ length: 300 }, (_, index) => ({
    id: `c${index}`,
    parents: [index === 0 ? 'good' : `c${index - 1}`],
  })),
  excluded: [],
}
const settings = { checks: 3, revert: true, budget: { builds: 5 } }

describe('hil bisect status', function () {
  this.timeout(120_000)
  const scratch = useScratch()

  /** A bisection that was stopped. */
  function keep(name: string, given: Partial<BisectionRecord> = {}): void {
    const directory = join(scratch(), 'reports', name)
    mkdirSync(directory, { recursive: true })
    const ends = { failing: 'c299', passing: ['good'] }
    const record = bisectionRecord({ ...{ id: name, ends, rangeSize: 300, boards: ['a', 'b'] }, ...given })
    const files = {
      'bisect.json': record,
      'range.json': range,
      'settings.json': { settings, cwd: scratch() },
    }
    for (const [file, content] of Object.entries(files))
      writeFileSync(join(directory, file), JSON.stringify(content))
  }

  const status = async () => (await runHil(['bisect', 'status'], { cwd: scratch() })).stdout

  it('tells what it takes before anything was run, in time too where an earlier one knows it, and which limit will not do', async () => {
    keep('2-bisect')
    const estimate =
      /^estimate: 6 rounds if all goes well, 23 runs and 15 builds(.*); more than --max-builds 5 allows$/m
    assert.equal(
      estimate.exec(await status())?.[1],
      '; how long that takes is known after the first build and run',
    )
    const slow = { durationMs: 120_000 }
    keep('1-bisect', {
      builds: [{ ...buildRecord('c1'), ...slow }],
      probes: [{ ...probeRecord('c1', 'pass'), ...slow }],
    })
    assert.equal(estimate.exec(await status())?.[1], ', about 53 min')
  })
})
