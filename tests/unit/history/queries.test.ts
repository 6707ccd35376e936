import assert from 'node:assert/strict'
import { openHistory, type HistoryDatabase } from '../../../src/history/database/open-history.ts'
import { importRun } from '../../../src/history/import-run.ts'
import { bootCourses } from '../../../src/history/queries/boots.ts'
import { boardCourses } from '../../../src/history/queries/infrastructure.ts'
import { signatureCourses } from '../../../src/history/queries/signatures.ts'
import { pastOf, testCourses } from '../../../src/history/queries/tests.ts'
import type { RunResult } from '../../../src/history/run-result.ts'
import { describeDatabases } from './databases.ts'
import { day, firstDay, makeBoot, makeResult, makeRun } from './run-results.ts'

describeDatabases('history', (makeEmpty) => {
  async function ask<Answer>(
    runs: readonly RunResult[],
    question: (db: HistoryDatabase) => Promise<Answer>,
  ): Promise<Answer> {
    await using database = await makeEmpty()
    await using history = await openHistory(database.location)
    for (const run of runs) await importRun(history.db, run)
    return await question(history.db)
  }

  const runsOf = (verdicts: readonly (string | undefined)[], parts: Partial<RunResult> = {}) =>
    verdicts.map((verdict, number) =>
      makeRun(number, {
        tests: [makeResult(verdict as 'passed')],
        boots: [makeBoot({ bootloader: 1, kernel: 2, shell: 3 }, { kernel: `6.${number}` })],
        ...parts,
      }),
    )

  it('shows a test on a board over time, oldest first, whatever the order of the imports', async () => {
    const runs = runsOf(['passed', 'flaky', 'test-failed', 'infrastructure-failed', undefined])
    const [course, ...others] = await ask(runs.toReversed(), (db) => testCourses(db, { since: 0 }))
    assert.deepEqual(others, [])
    assert.deepEqual(
      course?.results.map(({ run, status, kernel }) => [run, status, kernel]),
      [
        ['run-0', 'passed', '6.0'],
        ['run-1', 'flaky', '6.1'],
        ['run-2', 'failed', '6.2'],
        ['run-3', 'inconclusive', '6.3'],
        ['run-4', 'not run', '6.4'],
      ],
    )
    assert.equal(course.results[2]?.error, 'it did not')
    assert.equal(course.flakeRate?.rate, 1 / 3)
  })

  it('names the kernel of the last boot that named one, not the one with the highest number', async () => {
    const boots = ['6.9.1', '6.12.1', undefined].map((kernel, index) =>
      makeBoot({ bootloader: 1, kernel: 2 }, { kernel, number: index + 1 }),
    )
    const [course] = await ask(runsOf(['passed'], { boots }), (db) => testCourses(db, { since: 0 }))
    assert.equal(course?.results[0]?.kernel, '6.12.1')
  })

  it('says since when a test fails; what nobody could judge counts neither way', async () => {
    const runs = runsOf([
      'passed',
      'test-failed',
      'passed',
      'infrastructure-failed',
      'board-failed',
      undefined,
      'test-failed',
    ])
    const [course] = await ask(runs, (db) => testCourses(db, { since: 0 }))
    assert.equal(course?.failing?.since.run, 'run-4')
    assert.equal(course.failing.since.kernel, '6.4')
    assert.equal(course.failing.runs, 2)
    assert.equal(course.failing.lastPassed?.run, 'run-2')
    assert.equal(course.flips, 3)
  })

  it('knows the past of one test: what was judged of it on this board of this environment', async () => {
    const others = { file: 'tests/boot.spec.ts', title: 'boot › reaches userspace', board: 'rock' }
    const runs = runsOf(['test-failed', 'passed', 'board-failed', 'infrastructure-failed', 'test-failed'])
    const past = await ask(runs, (db) => pastOf(db, { ...others, environment: 'bench.yaml' }))
    assert.deepEqual(
      [past?.failing?.since.run, past?.failing?.runs, past?.failing?.lastPassed?.run],
      ['run-2', 2, 'run-1'],
    )
    assert.equal(past?.failing?.since.kernel, '6.2')
    assert.equal(await ask(runs, (db) => pastOf(db, { ...others, environment: 'other.yaml' })), undefined)
    const never = await ask(runsOf([undefined, 'hil-bug']), (db) =>
      pastOf(db, { ...others, environment: 'bench.yaml' }),
    )
    assert.equal(never, undefined)
  })

  it('says that a test passes again, and that one never passed', async () => {
    const [again] = await ask(runsOf(['test-failed', 'passed']), (db) => testCourses(db, { since: 0 }))
    assert.equal(again?.failing, undefined)
    const [never] = await ask(runsOf(['test-failed', 'test-failed']), (db) => testCourses(db, { since: 0 }))
    assert.equal(never?.failing?.lastPassed, undefined)
    assert.equal(never?.failing?.runs, 2)
  })

  it('finds tests by a part of title or file, in any case and letter by letter', async () => {
    const tests = ['Boots 100%', 'boots 1000', 'under_score', 'underscore'].map((title) =>
      makeResult('passed', { title }),
    )
    const titles = (text: string) =>
      ask([makeRun(0, { tests })], async (db) =>
        (await testCourses(db, { since: 0 }, text)).map(({ title }) => title),
      )
    assert.deepEqual(await titles('BOOTS'), ['Boots 100%', 'boots 1000'])
    assert.equal((await titles('Boot.SPEC')).length, 4)
    assert.deepEqual(await titles('100%'), ['Boots 100%'])
    assert.deepEqual(await titles('r_s'), ['under_score'])
    assert.deepEqual(await titles('\\'), [])
  })

  it('keeps boards of one name in two environments apart, and looks at those it is asked for', async () => {
    const runs = [
      ...runsOf(['passed', 'passed']),
      makeRun(7, {
        environment: 'other.yaml',
        tests: [makeResult('passed'), makeResult('passed', { board: 'virt' })],
      }),
    ]
    const places = (filter: { since: number; board?: string }) =>
      ask(runs, async (db) =>
        (await testCourses(db, filter)).map(({ board, environment, results }) => [
          board,
          environment,
          results.length,
        ]),
      )
    assert.deepEqual(await places({ since: 0 }), [
      ['rock', 'bench.yaml', 2],
      ['rock', 'other.yaml', 1],
      ['virt', 'other.yaml', 1],
    ])
    assert.deepEqual(await places({ since: 0, board: 'virt' }), [['virt', 'other.yaml', 1]])
    assert.deepEqual(await places({ since: firstDay + day, board: 'rock' }), [
      ['rock', 'bench.yaml', 1],
      ['rock', 'other.yaml', 1],
    ])
  })

  it('tells how long boots and their stages take, and with which run that changed', async () => {
    const runs = Array.from({ length: 20 }, (_, number) => {
      const kernel = (number < 14 ? 2000 : 2600) + (number % 4) * 7
      const boot = makeBoot(
        { bootloader: 100, kernel: 900, shell: 900 + kernel },
        { kernel: number < 14 ? '6.12' : '6.13' },
      )
      return makeRun(number, { boots: [boot] })
    })
    const [course] = await ask(runs, (db) => bootCourses(db, { since: 0 }))
    assert.ok(course !== undefined)
    assert.deepEqual([course.board, course.end, course.boots.length], ['rock', 'shell', 20])
    assert.deepEqual(
      course.series.map(({ name, last, segments }) => [name, last, segments.map(({ from }) => from)]),
      [
        ['boot', 3521, [0, 14]],
        ['power', 100, [0]],
        ['bootloader', 800, [0]],
        ['kernel', 2621, [0, 14]],
      ],
    )
    assert.deepEqual([course.boots[14]?.run, course.boots[14]?.kernel], ['run-14', '6.13'])
  })

  it('counts only boots from power-on that came to the end', async () => {
    const late = makeBoot({ bootloader: 1, kernel: 2 })
    const warm = makeBoot({ bootloader: 1, kernel: 2, shell: 3 }, { number: 2 })
    const full = makeBoot({ bootloader: 1, kernel: 2, shell: 3 }, { number: 3 })
    const boots = [late, { ...warm, stages: warm.stages.slice(1) }, full]
    const [course] = await ask([makeRun(0, { boots })], (db) => bootCourses(db, { since: 0 }))
    assert.deepEqual(
      course?.boots.map(({ boot }) => boot),
      [3],
    )
  })

  it('tells new splats from known ones', async () => {
    const finding = (signature: string, parts = {}) =>
      ({ board: 'rock', level: 'warning', kind: 'warning', signature, title: signature, ...parts }) as const
    const runs = [
      makeRun(0, { findings: [finding('old'), finding('gone')] }),
      makeRun(5, { findings: [finding('old'), finding('old'), finding('fresh', { level: 'fatal' })] }),
      makeRun(6, { findings: [finding('fresh', { board: 'virt' }), finding('allowed', { level: 'info' })] }),
    ]
    const { signatures, begins } = await ask(runs, (db) =>
      signatureCourses(db, { since: firstDay + 3 * day }),
    )
    assert.equal(begins, firstDay)
    assert.deepEqual(
      signatures.map(({ signature, status, boards, runs, firstRun }) => [
        signature,
        status,
        boards,
        runs,
        firstRun,
      ]),
      [
        ['fresh', 'new', ['rock', 'virt'], 2, 'reports/run-5'],
        ['old', 'known', ['rock'], 1, 'reports/run-0'],
      ],
    )
  })

  it('lists boards by how many runs had infrastructure errors', async () => {
    const error = (board: string | undefined, parts = {}) =>
      ({
        board,
        blame: 'infrastructure',
        code: 'power.off',
        message: 'the switch is away',
        ...parts,
      }) as const
    const both = [
      { name: 'rock', architecture: 'arm64' },
      { name: 'virt', architecture: 'arm64' },
    ]
    const runs = [
      makeRun(0),
      makeRun(1, { errors: [error(undefined), error('rock', { code: 'console.closed', message: 'x' })] }),
      makeRun(2, { boards: both, errors: [error('virt'), error(undefined, { message: 'of nobody' })] }),
      makeRun(3, { boards: both, errors: [error('virt'), error('rock', { blame: 'board' })] }),
    ]
    const courses = await ask(runs, (db) => boardCourses(db, { since: 0 }))
    assert.deepEqual(
      courses.map(({ board, runs, runsWithErrors }) => [board, runs, runsWithErrors]),
      [
        ['virt', 2, 2],
        ['rock', 4, 1],
      ],
    )
    const spanOf = (first: number) => makeRun(3).startedAt - makeRun(first).startedAt
    assert.deepEqual(
      courses.map(({ meanTimeBetweenErrorsMs }) => meanTimeBetweenErrorsMs),
      [spanOf(2) / 2, spanOf(0)],
    )
    assert.deepEqual(
      courses.map(({ errors }) => errors.map(({ code, runs }) => [code, runs])),
      [
        [['power.off', 2]],
        [
          ['power.off', 1],
          ['console.closed', 1],
        ],
      ],
    )
  })
})
