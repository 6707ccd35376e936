import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { kcidbSchema } from '../../scripts/setup/places.mjs'
import { writeNightReports } from '../../src/app/nightly/night-reports.ts'
import { toKcidb } from '../../src/report/machine/kcidb.ts'
import { describeWith } from '../support/requirements.ts'
import { eventfulNight } from '../unit/app/nightly/eventful-night.ts'
import { useScratch } from '../unit/codecs/oracle.ts'
import { eventfulRun } from '../unit/report/eventful-run.ts'
import { ScriptedRun } from '../unit/report/script-run.ts'

describeWith(
  ['kcidb-schema'],
  'What is written for KernelCI is what its schema of KCIDB 5.3 asks for',
  () => {
    const scratch = useScratch()

    for (const [what, run] of [
      ['a run with every outcome', eventfulRun()],
      ['a run that was cut off', new ScriptedRun().take()],
      ['a run without a board', new ScriptedRun({ boards: [] }).finish('environment-wrong')],
      ['a run that passed', new ScriptedRun().take().finish()],
    ] as const) {
      it(`of ${what}`, () => assertValid(JSON.stringify(toKcidb(run.record, { origin: 'hil' }))))
    }

    it('of a night', async () => {
      await writeNightReports(scratch(), await eventfulNight(scratch()), {}, 'reports/n')
      assertValid(await readFile(join(scratch(), 'kcidb.json'), 'utf8'))
    })
  },
)

const check = `
import json, sys, jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.validate(json.load(sys.stdin), schema, jsonschema.Draft7Validator, format_checker=jsonschema.FormatChecker())
`

function assertValid(report: string): void {
  const { status, stderr } = spawnSync('python3', ['-c', check, kcidbSchema()], {
    input: report,
    encoding: 'utf8',
  })
  assert.equal(status, 0, stderr)
}
