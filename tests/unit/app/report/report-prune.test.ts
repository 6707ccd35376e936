import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeNightReports } from '../../../../src/app/nightly/night-reports.ts'
import { pruneReports } from '../../../../src/app/report/prune/report-prune.ts'
import { toEventLine } from '../../../../src/report/event-line.ts'
import { fileReporters } from '../../../../src/report/file-reporters.ts'
import { simulateBisection } from '../../../support/bisections/simulate-bisection.ts'
import { writeFiles } from '../../../support/environment-files.ts'
import { pastNight } from '../nightly/nights.ts'
import { ScriptedRun } from '../../report/script-run.ts'

const day = 86_400_000
const now = Date.parse('2026-06-01T00:00:00Z')

interface Stored {
  readonly days: number
  readonly verdict?: 'passed' | 'flaky' | 'board-failed'
  readonly isCutOff?: boolean
}

/** A report of a run that was so many days ago. */
async function store(root: string, name: string, { days, verdict = 'passed', isCutOff = false }: Stored) {
  const directory = join(root, name)
  mkdirSync(directory, { recursive: true })
  const run = new ScriptedRun().receive('words\r\n').emit({ type: 'environment', yaml: 'boards: {}\n' })
  if (!isCutOff) run.finish(verdict)
  const startedAt = new Date(now - days * day).toISOString()
  run.events.splice(0, 1, ...run.events.slice(0, 1).map((event) => ({ ...event, startedAt })))
  await run.play(...fileReporters(directory))
  const time = new Date(now - days * day)
  utimesSync(join(directory, 'events.jsonl'), time, time)
  return directory
}

interface StoredNight {
  readonly days: number
  readonly outcome?: 'passed' | 'test-failed'
  readonly isOver?: boolean
  readonly stopped?: string
}

/** A night that ended so many days ago, with a run, and a bisection in it. */
async function storeNight(root: string, name: string, { days, outcome = 'passed', ...end }: StoredNight) {
  const directory = join(root, name)
  await store(join(directory, 'cells'), 'run', { days })
  symlinkSync('run', join(directory, 'cells/latest'))
  await storeBisection(join(directory, 'bisections'), 'first', { days })
  mkdirSync(join(directory, 'builds'))
  writeFileSync(join(directory, 'builds/p.log'), 'CC init/main.o\n')
  const { finishedAt: _, ...night } = pastNight({ boot: [outcome, 1000] })
  const at = new Date(now - days * day).toISOString()
  const { isOver = true, stopped } = end
  const record = { ...night, ...(isOver && { finishedAt: at }), ...(stopped !== undefined && { stopped }) }
  await writeNightReports(directory, record, {}, name)
  writeFileSync(join(directory, 'night.json'), JSON.stringify(record))
  return directory
}

/** A bisection that ended so many days ago, or was stopped after some runs. */
async function storeBisection(
  root: string,
  name: string,
  { days, stopAfter = Infinity }: { days: number; stopAfter?: number },
) {
  const directory = join(root, name)
  await store(join(directory, 'probes'), 'run', { days })
  const { record } = simulateBisection({ commits: 8, stopAfter })
  const finishedAt = new Date(now - days * day).toISOString()
  writeFileSync(join(directory, 'bisect.json'), JSON.stringify({ ...record, finishedAt }))
  for (const file of ['range.json', 'settings.json', 'config', 'report.html', 'boots.html', 'mail.txt'])
    writeFileSync(join(directory, file), '')
}

/** @returns what is left, links too */
async function prune(root: string, options = {}): Promise<readonly string[]> {
  return (await pruneAndTell(root, options)).kept
}

async function pruneAndTell(root: string, { keep = 30, keepFailures = 365, dryRun = false } = {}) {
  const said: string[] = []
  await pruneReports({ root, keepMs: keep * day, keepFailuresMs: keepFailures * day, dryRun }, now, (line) =>
    said.push(line),
  )
  return { kept: readdirSync(root).sort(), said }
}

describe('pruning reports', () => {
  it('deletes what is old, and keeps failures longer', async () => {
    await using files = await writeFiles({})
    const root = files.directory
    await store(root, 'young', { days: 29 })
    await store(root, 'old', { days: 31 })
    await store(root, 'old-flaky', { days: 31, verdict: 'flaky' })
    await store(root, 'old-failure', { days: 364, verdict: 'board-failed' })
    await store(root, 'older-failure', { days: 366, verdict: 'board-failed' })
    await store(root, 'old-cut-off', { days: 364, isCutOff: true })
    assert.deepEqual(await prune(root), ['old-cut-off', 'old-failure', 'young'])
  })

  it('deletes nights with all that is in them, and keeps them longer where something failed', async () => {
    await using files = await writeFiles({})
    const root = files.directory
    await storeNight(root, 'night', { days: 31 })
    await storeNight(root, 'night-young', { days: 29 })
    await storeNight(root, 'night-failed', { days: 31, outcome: 'test-failed' })
    const { kept, said } = await pruneAndTell(root)
    assert.deepEqual(kept, ['night-failed', 'night-young'])
    assert.ok(existsSync(join(root, 'night-failed/cells/run/events.jsonl')))
    assert.deepEqual(said, [
      'deleted night',
      'kept night-failed: not all of it passed (such are kept for 1 y)',
    ])
  })

  it('keeps a bisection as long as failures', async () => {
    await using files = await writeFiles({})
    const root = files.directory
    await storeBisection(root, 'bisection', { days: 364 })
    await storeBisection(root, 'bisection-old', { days: 366 })
    assert.deepEqual(await prune(root), ['bisection'])
  })

  it('never deletes what can be gone on with', async () => {
    await using files = await writeFiles({})
    const root = files.directory
    await storeNight(root, 'night-killed', { days: 1000, isOver: false })
    await storeNight(root, 'night-stopped', { days: 1000, stopped: 'its time was over' })
    await storeBisection(root, 'bisection-stopped', { days: 1000, stopAfter: 3 })
    const { kept, said } = await pruneAndTell(root)
    assert.deepEqual(kept, ['bisection-stopped', 'night-killed', 'night-stopped'])
    assert.deepEqual(said, [
      'kept bisection-stopped: "hil bisect resume" can go on with it',
      'kept night-killed: "hil nightly resume" can go on with it',
      'kept night-stopped: "hil nightly resume" can go on with it',
    ])
  })

  it('leaves a night in which somebody has put something', async () => {
    await using files = await writeFiles({})
    const root = files.directory
    const night = await storeNight(root, 'night', { days: 1000 })
    writeFileSync(join(night, 'cells/run/photo.jpg'), '')
    symlinkSync('/etc', join(night, 'cells/etc'))
    const { kept, said } = await pruneAndTell(root)
    assert.deepEqual(kept, ['night'])
    assert.match(said.join(), /hil did not write: cells\/etc, cells\/run\/photo\.jpg$/)
    assert.ok(existsSync(join(night, 'cells/run/junit.xml')))
  })

  it('only tells, where it is asked to', async () => {
    await using files = await writeFiles({})
    await store(files.directory, 'old', { days: 31 })
    assert.deepEqual(await prune(files.directory, { dryRun: true }), ['old'])
    assert.deepEqual(await prune(files.directory), [])
  })

  it('deletes nothing that is no report of hil', async () => {
    await using files = await writeFiles({
      'notes.txt': 'mine',
      'photos/1.jpg': '',
      'trap/events.jsonl': 'no event',
    })
    const root = files.directory
    const outside = await store(join(root, '..'), `outside-${process.pid}`, { days: 1000 })
    symlinkSync(outside, join(root, 'link'))
    const mine = await store(root, 'with-mine', { days: 1000 })
    writeFileSync(join(mine, 'oscilloscope.png'), '')
    mkdirSync(join(await store(root, 'with-folder', { days: 1000 }), 'traces'))
    assert.deepEqual(await prune(root), ['link', 'notes.txt', 'photos', 'trap', 'with-folder', 'with-mine'])
    assert.ok(existsSync(join(mine, 'junit.xml')))
    assert.ok(existsSync(join(outside, 'events.jsonl')))
    rmSync(outside, { recursive: true })
  })

  it('leaves what latest points to, and a run that goes on', async () => {
    await using files = await writeFiles({})
    const root = files.directory
    await store(root, 'last', { days: 1000 })
    symlinkSync('last', join(root, 'latest'))
    const running = await store(root, 'running', { days: 1000, isCutOff: true })
    utimesSync(join(running, 'events.jsonl'), new Date(now), new Date(now))
    assert.deepEqual(await prune(root), ['last', 'latest', 'running'])
  })

  it('finds a report again of which a part was deleted', async () => {
    await using files = await writeFiles({})
    const { events } = new ScriptedRun().finish()
    const old = events.map((event) => ({ ...event, startedAt: '2020-01-01T00:00:00Z' }))
    mkdirSync(files.path('half'))
    writeFileSync(files.path('half/events.jsonl'), old.map(toEventLine).join(''))
    assert.deepEqual(await prune(files.directory), [])
  })

  it('says where it can not', async () => {
    await assert.rejects(prune('/nonexistent/reports'), {
      code: 'report.prune',
      blame: 'environment',
      message: /^reports in \/nonexistent\/reports can't be pruned: no such file or directory$/,
    })
  })
})
