import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { kcidbSchema } from '../../../../scripts/setup/places.mjs'
import { writeNightReports } from '../../../../src/app/nightly/night-reports.ts'
import type { NightCell, NightRecord } from '../../../../src/core/night-record.ts'
import { toEventLine } from '../../../../src/report/event-line.ts'
import { itWith } from '../../../support/requirements.ts'
import { parseXml } from '../../../support/xml.ts'
import { useScratch } from '../../codecs/oracle.ts'
import { assertionError, makeTest, ScriptedRun } from '../../report/script-run.ts'
import { attemptOf, nightOf } from './nights.ts'

interface Kcidb {
  readonly builds: readonly { readonly id: string }[]
  readonly tests: readonly { readonly id: string; readonly build_id: string; readonly status: string }[]
}

describe('the reports of a night', () => {
  const scratch = useScratch()

  /** A run that the night has, known by its id. */
  async function keep(name: string, run: ScriptedRun): Promise<string> {
    const report = `cells/${name}`
    const events = run.events.map((event) =>
      event.type === 'run-started' ? { ...event, runId: name } : event,
    )
    await mkdir(join(scratch(), report), { recursive: true })
    await writeFile(join(scratch(), report, 'events.jsonl'), events.map(toEventLine).join(''))
    return report
  }

  /** One cell that passed at the second try, one that failed, and one that nobody came to. */
  async function night(): Promise<NightRecord> {
    const boots = makeTest(['boots'])
    const loose = await keep('loose', new ScriptedRun().take().finish('infrastructure-failed'))
    const passed = await keep(
      'passed',
      new ScriptedRun().take().load(boots).start(boots).pass(boots).finish(),
    )
    const failing = new ScriptedRun().take().load(boots).start(boots).fail(boots, assertionError)
    const failed = await keep('failed', failing.finish('test-failed'))
    const record = nightOf(['sim'], ['p'], ['one', 'two', 'three'])
    const parts: readonly Partial<NightCell>[] = [
      {
        outcome: 'passed',
        attempts: [
          attemptOf('infrastructure-failed', { report: loose }),
          attemptOf('passed', { report: passed }),
        ],
      },
      { outcome: 'test-failed', blame: 'test', attempts: [attemptOf('test-failed', { report: failed })] },
      { outcome: 'not-run', blame: 'infrastructure', why: 'sim is out: no power' },
    ]
    return { ...record, cells: record.cells.map((cell, index) => ({ ...cell, ...parts[index] })) }
  }

  const written = (name: string) => readFile(join(scratch(), name), 'utf8')

  itWith(['kcidb-schema'], 'are what the schema of KCIDB 5.3 asks for, each build told of once', async () => {
    await writeNightReports(scratch(), await night(), {}, 'reports/n')
    const text = await written('kcidb.json')
    const check =
      'import json,sys,jsonschema; jsonschema.validate(json.load(sys.stdin), json.load(open(sys.argv[1])), jsonschema.Draft7Validator, format_checker=jsonschema.FormatChecker())'
    const { status, stderr } = spawnSync('python3', ['-c', check, kcidbSchema()], {
      input: text,
      encoding: 'utf8',
    })
    assert.equal(status, 0, stderr)
    const { builds, tests } = JSON.parse(text) as Kcidb
    assert.equal(new Set(builds.map(({ id }) => id)).size, builds.length)
    assert.ok(tests.every(({ build_id }) => builds.some(({ id }) => id === build_id)))
    assert.deepEqual(tests.map(({ status: each }) => each).toSorted(), ['FAIL', 'MISS', 'PASS'])
  })

  it('count each cell once for CI, and say why nobody came to one', async () => {
    await writeNightReports(scratch(), await night(), {}, 'reports/n')
    const junit = await written('junit.xml')
    assert.ok(parseXml(junit))
    assert.equal(junit.match(/<testcase /g)?.length, 3)
    assert.match(junit, /<testcase classname="p\.sim" name="three"[^>]*><error [^>]*no power/)
    assert.match(await written('summary.txt'), /^n: Under way\n1 passed, 1 test failed, 1 not run/)
  })
})
