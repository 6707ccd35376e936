import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { toEventLine } from '../../../src/report/event-line.ts'
import { writeFiles } from '../../support/environment-files.ts'
import { runHil } from '../../support/run-hil.ts'
import { parseXml } from '../../support/xml.ts'
import { badBoot, goodBoot } from '../../unit/report/diff/boots.ts'
import { makeTest, type ScriptedRun } from '../../unit/report/script-run.ts'

function eventsOf(run: ScriptedRun): string {
  return run.events.map(toEventLine).join('')
}

/** Two runs that left their events, and a console log from elsewhere. */
async function reports() {
  const test = makeTest(['boots'])
  const bad = badBoot({ during: test }).finish('board-failed')
  const log = bad.events.flatMap((event) => (event.type === 'console-rx' ? [event.text ?? ''] : [])).join('')
  // A run is known by its id.
  const renamed = bad.events.map((event) =>
    event.type === 'run-started' ? { ...event, runId: 'run-2' } : event,
  )
  return writeFiles({
    'reports/good/events.jsonl': eventsOf(goodBoot()),
    'reports/bad/events.jsonl': renamed.map(toEventLine).join(''),
    'bad.log': log,
  })
}

describe('hil report', function () {
  this.timeout(60_000)

  it('diff tells where a bad boot parts from a good one, of reports and of logs', async () => {
    await using files = await reports()
    const options = { cwd: files.directory }
    for (const bad of ['reports/bad', 'reports/bad/events.jsonl', 'bad.log']) {
      const { exitCode, stdout, stderr } = await runHil(['report', 'diff', 'reports/good', bad], options)
      assert.deepEqual([exitCode, stderr], [0, ''])
      assert.match(stdout, /^A {2}reports\/good \(passed, sim, /)
      assert.match(stdout, /only in B {2}fatal {4}kernel panic: VFS/)
      assert.match(stdout, /first difference\n(?: {4}.*\n){1,4} {2}- .*virtio_blk virtio0/)
    }
  })

  it('diff and merge write pages', async () => {
    await using files = await reports()
    const options = { cwd: files.directory }
    const diff = await runHil(
      ['report', 'diff', 'reports/good', 'reports/bad', '-o', 'out/diff.html'],
      options,
    )
    assert.deepEqual([diff.exitCode, diff.stdout], [0, 'out/diff.html\n'])
    assert.match(readFileSync(files.path('out/diff.html'), 'utf8'), /^<!doctype html>/)
    assert.equal((await runHil(['report', 'make', 'reports/bad'], options)).exitCode, 0)
    const merge = await runHil(
      ['report', 'merge', 'reports/good', 'reports/bad', '-o', 'out/all.html'],
      options,
    )
    assert.equal(merge.exitCode, 0)
    assert.match(
      readFileSync(files.path('out/all.html'), 'utf8'),
      /href="\.\.\/reports\/bad\/report\.html#t=/,
    )
  })

  it('merge prints tests by boards', async () => {
    await using files = await reports()
    const { exitCode, stdout } = await runHil(
      ['report', 'merge', 'reports/good', 'reports/bad', 'reports/bad'],
      {
        cwd: files.directory,
      },
    )
    assert.equal(exitCode, 0)
    assert.match(stdout, /^2 runs on 1 board: board failed\n/)
    assert.match(stdout, /\n {2}boots +✗ board failed\n/)
  })

  it('make recreates any format from the events', async () => {
    await using files = await reports()
    const formats = [
      'junit=a.xml',
      'html=a.html',
      'summary=a.json',
      'kcidb=k.json',
      'asciicast=a.cast',
      'json=a.jsonl',
    ]
    const { exitCode, stdout, stderr } = await runHil(
      [
        'report',
        'make',
        'reports/bad',
        ...formats.flatMap((format) => ['--format', format]),
        '--format',
        'spec',
      ],
      { cwd: files.directory },
    )
    assert.deepEqual([exitCode, stderr], [0, ''])
    assert.match(stdout, /✗ 1\) boots/)
    const read = (name: string) => readFileSync(files.path(name), 'utf8')
    assert.equal(parseXml(read('a.xml')).name, 'testsuites')
    assert.match(read('a.html'), /^<!doctype html>/)
    assert.equal((JSON.parse(read('a.json')) as { verdict: string }).verdict, 'board-failed')
    assert.deepEqual((JSON.parse(read('k.json')) as { version: unknown }).version, { major: 5, minor: 3 })
    assert.match(read('a.cast'), /^\{"version":2,/)
    assert.equal(read('a.jsonl'), read('reports/bad/events.jsonl'))
    assert.ok(!existsSync(files.path('reports/bad/junit.xml')))
  })

  for (const [words, sentence] of [
    [['diff', 'nowhere', 'reports/good'], /^hil: "nowhere" can't be read .*nothing of this name/],
    [
      ['diff', 'reports/good', 'reports/bad', '--boot', '0'],
      /^hil: --boot takes a whole number from 1 on, not "0"/,
    ],
    [
      ['diff', 'reports/good', 'reports/bad', '--boot', '9'],
      /^hil: there is no boot 9 in reports\/good: it has 1/,
    ],
    [['merge', 'nowhere'], /^hil: .*nowhere\/events\.jsonl can't be read as events/],
    [['make', 'reports/good', '--format', 'junti'], /no reporter "junti"; did you mean "junit"\?/],
    [['prune', '--keep', 'long'], /^hil: --keep takes a duration/],
    [
      ['open', 'reports/good'],
      /^hil: there is no reports\/good\/report\.html; "hil report make reports\/good"/,
    ],
  ] as const) {
    it(`says in a sentence what is wrong with: ${words.join(' ')}`, async () => {
      await using files = await reports()
      const { exitCode, stderr } = await runHil(['report', ...words], { cwd: files.directory })
      assert.equal(exitCode, 2)
      assert.match(stderr, sentence)
    })
  }
})
