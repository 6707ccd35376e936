import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunEvent } from '../../../src/core/events.ts'
import { toEventLine } from '../../../src/report/event-line.ts'
import { fileReporters } from '../../../src/report/file-reporters.ts'
import { makeReport } from '../../../src/report/make-report.ts'
import { readEvents } from '../../../src/report/read-events.ts'
import { createReportDirectory, linkLatest } from '../../../src/report/report-directory.ts'
import { writeFiles } from '../../support/environment-files.ts'
import { assertionError, makeTest, ScriptedRun } from './script-run.ts'

/** A run of two boards with all kinds of bytes on their consoles. */
function twoBoards(): ScriptedRun {
  const boards = ['client', 'server']
  const test = makeTest(['talk'], { boards })
  return new ScriptedRun({ boards })
    .emit({ type: 'environment', yaml: 'boards: {}\n' })
    .take('client')
    .load(test)
    .start(test)
    .receive('U-Boot\r\n=> ', 'client')
    .send('version\n', 'client')
    .emit({
      type: 'console-rx',
      board: 'server',
      base64: Buffer.from([0, 0xff, 0x1b, 0x5b, 0x6e]).toString('base64'),
    })
    .wait(5)
    .receive('\x1b[31mred\x1b[0m\r\n', 'server')
    .fail(test, assertionError)
    .finish('test-failed')
}

async function eventsOf(file: string): Promise<readonly RunEvent[]> {
  const events: RunEvent[] = []
  for await (const event of readEvents(file)) events.push(event)
  return events
}

describe('the files of a run', () => {
  it('are events, consoles, JUnit, summary and environment', async () => {
    await using files = await writeFiles({})
    const run = twoBoards()
    assert.deepEqual(await run.play(...fileReporters(files.directory)), [])
    assert.deepEqual(readdirSync(files.directory).sort(), [
      'console-client.log',
      'console-client.raw',
      'console-server.log',
      'console-server.raw',
      'environment.yaml',
      'events.jsonl',
      'junit.xml',
      'report.html',
      'summary.json',
    ])
    assert.deepEqual(await eventsOf(files.path('events.jsonl')), run.events)
    assert.deepEqual(
      [...readFileSync(files.path('console-server.raw'))],
      [...[0, 0xff, 0x1b, 0x5b, 0x6e], ...Buffer.from('\x1b[31mred\x1b[0m\r\n')],
    )
    assert.match(readFileSync(files.path('console-client.log'), 'utf8'), /│ U-Boot\n.*│ =>\n.*» version\n/)
    assert.equal(readFileSync(files.path('environment.yaml'), 'utf8'), 'boards: {}\n')
  })

  it('hold the consoles beside the main one apart, and quote them where a test failed', async () => {
    await using files = await writeFiles({})
    const test = makeTest(['talk'])
    const say = (console: string, text: string) =>
      ({ type: 'other-console', board: 'sim', console, event: { type: 'console-rx', text } }) as const
    const reason = 'it was unplugged'
    await new ScriptedRun()
      .emit(say('m4', 'before the test\r\n'))
      .wait(5)
      .start(test)
      .receive('login: ')
      .emit(say('secure', 'E/TC: Panic\r\n'))
      .emit({ ...say('secure', ''), event: { type: 'console-closed', reason } })
      .fail(test, assertionError)
      .finish('test-failed')
      .play(...fileReporters(files.directory))
    assert.equal(readFileSync(files.path('console.raw'), 'utf8'), 'login: ')
    assert.equal(readFileSync(files.path('console-secure.raw'), 'utf8'), 'E/TC: Panic\r\n')
    assert.match(
      readFileSync(files.path('console-secure.log'), 'utf8'),
      /│ E\/TC: Panic\n.*× it was unplugged\n$/,
    )
    const junit = readFileSync(files.path('junit.xml'), 'utf8')
    assert.match(junit, /console of sim\/secure, last lines[^]*E\/TC: Panic/)
    assert.doesNotMatch(junit, /before the test/)
  })

  it('have plain names where there is one board', async () => {
    await using files = await writeFiles({})
    await new ScriptedRun().finish().play(...fileReporters(files.directory))
    assert.ok(existsSync(files.path('console.log')))
    assert.ok(existsSync(files.path('console.raw')))
  })

  it('can all be made again from the events, byte for byte', async () => {
    await using made = await writeFiles({})
    await using again = await writeFiles({})
    await twoBoards().play(...fileReporters(made.directory))
    writeFileSync(again.path('events.jsonl'), readFileSync(made.path('events.jsonl')))
    assert.deepEqual(await makeReport(again.directory), [])
    for (const name of readdirSync(made.directory)) {
      assert.deepEqual(readFileSync(again.path(name)), readFileSync(made.path(name)), name)
    }
  })

  it('hold each event before the next one comes, so that a killed run loses none', async () => {
    await using files = await writeFiles({})
    const run = twoBoards()
    const [events] = fileReporters(files.directory)
    for (const [index, event] of run.events.entries()) {
      events?.event?.(event, run.record)
      const lines = readFileSync(files.path('events.jsonl'), 'utf8').split('\n')
      assert.equal(lines.length, index + 2)
    }
    await events?.end?.(run.record)
  })
})

describe('events.jsonl', () => {
  it('is harmless on a terminal', () => {
    const text = Array.from({ length: 0x2100 }, (_, code) => String.fromCharCode(code)).join('')
    const line = toEventLine({ t: 1, type: 'console-rx', board: 'sim', text })
    assert.doesNotMatch(line.slice(0, -1), /[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]/)
    assert.equal((JSON.parse(line) as { text: string }).text, text)
  })

  it('is read up to a last line that a kill cut short', async () => {
    const { events } = twoBoards()
    const text = events.map(toEventLine).join('').slice(0, -5)
    await using files = await writeFiles({ 'events.jsonl': text })
    assert.equal((await eventsOf(files.path('events.jsonl'))).length, events.length - 1)
  })

  for (const [what, text, sentence] of [
    ['is missing', undefined, /events\.jsonl can't be read .*: no such file or directory$/],
    ['is empty', '', /there is no event in it/],
    ['is something else', '{"a":1}\n{"b":2}\n', /line 1 is no event/],
    [
      'begins in the middle',
      '{"t":1,"type":"note","level":"info","message":""}\n',
      /does not begin with the start/,
    ],
    [
      'comes from the future',
      '{"t":0,"type":"run-started","eventsVersion":99}\n',
      /written by a newer hil \(format 99/,
    ],
  ] as const) {
    it(`is refused with a sentence where it ${what}`, async () => {
      await using files = await writeFiles(text === undefined ? {} : { 'events.jsonl': text })
      await assert.rejects(makeReport(files.directory), {
        code: 'report.events',
        blame: 'environment',
        message: sentence,
      })
      assert.ok(!existsSync(files.path('junit.xml')))
    })
  }
})

describe('the directory of a run', () => {
  const startedAt = new Date('2026-11-22T18:00:00.123Z')

  it('is named for time and board, and never shared by two runs', async () => {
    await using files = await writeFiles({})
    const names = [1, 2, 3].map(() => createReportDirectory(files.path('reports'), startedAt, ['rock3a']))
    assert.deepEqual(
      names.map((name) => name.slice(files.directory.length)),
      ['', '-2', '-3'].map((suffix) => `/reports/2026-11-22T18-00-00Z-rock3a${suffix}`),
    )
  })

  it('counts the boards where they are several, and makes a file name of any board', async () => {
    await using files = await writeFiles({})
    const root = files.directory
    assert.match(createReportDirectory(root, startedAt, ['a', 'b']), /Z-2-boards$/)
    assert.match(createReportDirectory(root, startedAt, ['../a b/c']), /Z-\.\.-a-b-c$|Z--a-b-c$|Z-a-b-c$/)
  })

  it('is where "latest" points', async () => {
    await using files = await writeFiles({})
    for (const board of ['a', 'b']) {
      const directory = createReportDirectory(files.directory, startedAt, [board])
      linkLatest(files.directory, directory)
      assert.equal(join(files.directory, readlinkSync(files.path('latest'))), directory)
    }
  })

  it('is refused with a sentence where it cannot be made', async () => {
    await using files = await writeFiles({ reports: 'a file' })
    assert.throws(() => createReportDirectory(files.path('reports'), startedAt, ['a']), {
      code: 'report.directory',
      blame: 'environment',
      message: /^the report directory .*reports can't be written: file already exists$/,
    })
  })
})
