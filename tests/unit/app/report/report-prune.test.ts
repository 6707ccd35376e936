import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pruneReports } from '../../../../src/app/report/report-prune.ts'
import { toEventLine } from '../../../../src/report/event-line.ts'
import { fileReporters } from '../../../../src/report/file-reporters.ts'
import { writeFiles } from '../../../support/environment-files.ts'
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

/** @returns what is left, links too */
async function prune(
  root: string,
  { keep = 30, keepFailures = 365, dryRun = false } = {},
): Promise<readonly string[]> {
  await pruneReports(
    { root, keepMs: keep * day, keepFailuresMs: keepFailures * day, dryRun },
    now,
    () => undefined,
  )
  return readdirSync(root).sort()
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
