import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeNightReports } from '../../../../src/app/nightly/night-reports.ts'
import { parseXml } from '../../../support/xml.ts'
import { useScratch } from '../../codecs/oracle.ts'
import { eventfulNight } from './eventful-night.ts'

interface Kcidb {
  readonly builds: readonly { readonly id: string }[]
  readonly tests: readonly { readonly id: string; readonly build_id: string; readonly status: string }[]
}

describe('the reports of a night', () => {
  const scratch = useScratch()

  const written = (name: string) => readFile(join(scratch(), name), 'utf8')

  it('tell KernelCI of each build once, and of each cell by its last run', async () => {
    await writeNightReports(scratch(), await eventfulNight(scratch()), {}, 'reports/n')
    const { builds, tests } = JSON.parse(await written('kcidb.json')) as Kcidb
    assert.equal(new Set(builds.map(({ id }) => id)).size, builds.length)
    assert.ok(tests.every(({ build_id }) => builds.some(({ id }) => id === build_id)))
    assert.deepEqual(tests.map(({ status: each }) => each).toSorted(), ['FAIL', 'MISS', 'PASS'])
  })

  it('count each cell once for CI, and say why nobody came to one', async () => {
    await writeNightReports(scratch(), await eventfulNight(scratch()), {}, 'reports/n')
    const junit = await written('junit.xml')
    assert.ok(parseXml(junit))
    assert.equal(junit.match(/<testcase /g)?.length, 3)
    assert.match(junit, /<testcase classname="p\.sim" name="three"[^>]*><error [^>]*no power/)
    assert.match(await written('summary.txt'), /^n: Under way\n1 passed, 1 test failed, 1 not run/)
  })

  it('are found by the last line of the summary, however deep they lie', async () => {
    const place = `labhost:${'/deep'.repeat(50)}/report.html`
    await writeNightReports(scratch(), await eventfulNight(scratch()), {}, place)
    assert.equal((await written('summary.txt')).trimEnd().split('\n').at(-1), place)
  })
})
