import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { NightCell, NightRecord } from '../../../../src/core/night-record.ts'
import { toEventLine } from '../../../../src/report/event-line.ts'
import { assertionError, makeTest, ScriptedRun } from '../../report/script-run.ts'
import { attemptOf, nightOf } from './nights.ts'

/** A run that the night has, known by its id. */
async function keep(night: string, name: string, run: ScriptedRun): Promise<string> {
  const report = `cells/${name}`
  const events = run.events.map((event) => (event.type === 'run-started' ? { ...event, runId: name } : event))
  await mkdir(join(night, report), { recursive: true })
  await writeFile(join(night, report, 'events.jsonl'), events.map(toEventLine).join(''))
  return report
}

/** One cell that passed at the second try, one that failed, and one that nobody came to; their runs lie in `directory`. */
export async function eventfulNight(directory: string): Promise<NightRecord> {
  const boots = makeTest(['boots'])
  const loose = await keep(directory, 'loose', new ScriptedRun().take().finish('infrastructure-failed'))
  const passed = await keep(
    directory,
    'passed',
    new ScriptedRun().take().load(boots).start(boots).pass(boots).finish(),
  )
  const failing = new ScriptedRun().take().load(boots).start(boots).fail(boots, assertionError)
  const failed = await keep(directory, 'failed', failing.finish('test-failed'))
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
