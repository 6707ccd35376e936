import assert from 'node:assert/strict'
import { collect } from '../../../src/app/history/collect-run.ts'
import { bootTimePage } from '../../../src/app/history/chart/boot-time-page.ts'
import { scaleFor } from '../../../src/app/history/chart/scale.ts'
import { formatTable } from '../../../src/app/history/text/table.ts'
import { formatBoots } from '../../../src/app/history/text/boots-text.ts'
import { formatTestCourses, formatTests } from '../../../src/app/history/text/tests-text.ts'
import { courseOf, type BootCourse } from '../../../src/history/queries/boots.ts'
import { judgeCourse, type TestCourse, type TestPoint } from '../../../src/history/queries/tests.ts'
import { makePaint } from '../../../src/report/terminal/paint.ts'
import { makeTest, ScriptedRun, timeoutError } from '../report/script-run.ts'

const start = Date.UTC(2026, 0, 1, 12)
const day = 86_400_000

describe('what history keeps of a run', () => {
  it('is the run, its boards, its tests with all attempts, and where it lies', async () => {
    const test = makeTest(['suite', 'boots'])
    const run = new ScriptedRun().take().load(test).start(test).wait(50).pass(test).finish('passed')
    const result = await collect(run.events, 'reports/x')
    assert.equal(result.id, 'run-1')
    assert.equal(result.startedAt, Date.parse('2026-01-02T03:04:05.000Z'))
    assert.deepEqual(
      [result.verdict, result.environment, result.directory, result.hil],
      ['passed', 'sim.yaml', 'reports/x', '0.1.0'],
    )
    assert.deepEqual(result.boards, [{ name: 'sim', architecture: 'arm64' }])
    const [kept] = result.tests
    assert.deepEqual(
      [kept?.title, kept?.board, kept?.verdict, kept?.attempts, kept?.error],
      ['suite › boots', 'sim', 'passed', 1, undefined],
    )
  })

  it('has no verdict where the run was killed', async () => {
    const test = makeTest(['boots'])
    const result = await collect(new ScriptedRun().take().load(test).start(test).events, 'x')
    assert.equal(result.verdict, undefined)
    assert.equal(result.tests[0]?.outcome, 'unfinished')
  })

  it('tells an error once, though a way to a state and a test tell it', async () => {
    const test = makeTest(['boots'])
    const run = new ScriptedRun().take().load(test).start(test)
    run.emit({
      ...{ type: 'state-failed', board: 'sim', from: 'off', to: 'shell', attempt: 1, durationMs: 5 },
      ...{ error: timeoutError, willRetry: false },
    })
    const { errors } = await collect(run.fail(test, timeoutError).finish('board-failed').events, 'x')
    assert.equal(errors.length, 1)
    assert.deepEqual([errors[0]?.board, errors[0]?.code], ['sim', timeoutError.code])
  })

  it('has the stages of each boot, from power-on, and the kernel that was proven', async () => {
    const run = new ScriptedRun().take()
    for (const release of ['6.12.1', '6.12.2']) {
      run.emit({ type: 'power', board: 'sim', action: 'on', ok: true }).wait(100)
      run.receive('\nbarebox 2025.01.0 #1 Mon\n').wait(200)
      run.receive(
        `[    0.000000] Booting Linux on physical CPU 0x0\n[    0.000000] Linux version ${release} (a@b)\n`,
      )
      run.wait(300).receive('[    1.500000] Run /init as init process\n')
      run.emit({
        ...{ type: 'boot-proof', board: 'sim', stage: 'userspace', result: 'not-needed', links: [] },
        seen: { banner: `Linux version ${release} (a@b)` },
      })
    }
    const { boots } = await collect(run.finish('passed').events, 'x')
    assert.deepEqual(
      boots.map(({ board, number, kernel, stages }) => [
        board,
        number,
        kernel,
        stages.map(({ name, at }) => [name, at]),
      ]),
      ['6.12.1', '6.12.2'].map((kernel, index) => [
        ...['sim', index + 1, kernel],
        [
          ['power', 0],
          ['bootloader', 100],
          ['kernel', 300],
          ['initramfs', 600],
        ],
      ]),
    )
    assert.equal(boots[0]?.stages.at(-1)?.kernelTime, 1.5)
  })
})

function makeBoots(count: number, changeAt: number, kernel = '6.12'): BootCourse {
  const boots = Array.from({ length: count }, (_, index) => ({
    run: `run-${index}`,
    startedAt: start + index * day,
    directory: `reports/run-${index}`,
    kernel,
    boot: 1,
    stages: [
      { name: 'power', at: 0 },
      { name: 'bootloader', at: 100 },
      { name: 'kernel', at: 900 },
      { name: 'shell', at: (index < changeAt ? 3000 : 3900) + (index % 5) * 8 },
    ],
  }))
  const course = courseOf(boots)
  assert.ok(course !== undefined)
  return { board: 'rock', environment: 'bench.yaml', ...course }
}

describe('the answers of history, as text', () => {
  const paint = makePaint(false)
  const point = (index: number, status: TestPoint['status'], parts: Partial<TestPoint> = {}): TestPoint => ({
    run: `run-${index}`,
    startedAt: start + index * day,
    directory: `reports/2026-01-0${index + 1}T12-00-00Z-rock`,
    kernel: '6.12.1',
    status,
    verdict: undefined,
    attempts: 1,
    durationMs: 1234,
    error: undefined,
    ...parts,
  })
  const course = (results: readonly TestPoint[], parts: Partial<TestCourse> = {}): TestCourse => ({
    ...{
      file: 'tests/boot.spec.ts',
      title: 'boot › reaches userspace',
      board: 'rock',
      environment: 'bench.yaml',
    },
    ...judgeCourse(results),
    ...parts,
  })
  const failing = [
    point(0, 'passed'),
    point(1, 'flaky'),
    point(2, 'failed', { error: 'a \u001b[31mred\u001b[0m error\nin two lines' }),
    point(3, 'failed'),
  ]

  it('are never wider than the terminal, however long the titles', () => {
    const long = 'a very long title '.repeat(20)
    const courses = [
      course(failing, { title: long }),
      course(failing, { board: 'b'.repeat(30), title: `日本語${long}` }),
    ]
    const boots = makeBoots(30, 20, 'x'.repeat(200))
    for (const width of [80, 120]) {
      const lines = [
        ...formatTests(courses, width),
        ...formatTestCourses(courses, { width, limit: 10, paint }),
        ...formatBoots([boots], { width, paint }),
      ]
      assert.deepEqual(
        lines.filter((line) => line.length > width),
        [],
      )
    }
  })

  it('say since when a test fails, with which kernel, and when it passed last', () => {
    const text = formatTestCourses([course(failing)], { width: 80, limit: 2, paint }).join('\n')
    assert.match(
      text,
      /^boot › reaches userspace on rock\n {2}tests\/boot\.spec\.ts, bench\.yaml\n {2}\.~FF\n/,
    )
    assert.match(text, /4 runs: 1 passed, 1 flaky, 2 failed/)
    assert.match(text, /flaky in 1 of 4 \(25%; 4\.6% to 70% with 95% certainty\)/)
    assert.match(
      text,
      /fails since 2026-01-03 .* with Linux 6\.12\.1, 2 runs\n {4}first in reports\/2026-01-03/,
    )
    assert.match(text, /passed last 2026-01-02 /)
    assert.match(text, /failed +1\.23 s +6\.12\.1 +a red error in two lines/)
  })

  it('have a line a test with how often it passes', () => {
    const [head, line] = formatTests([course(failing)], 80)
    assert.match(head ?? '', /^test +board +runs +pass +flaky +fails since$/)
    assert.match(line ?? '', /^boot › reaches userspace {2}rock +4 +50% +25% +2026-01-03 /)
  })

  it('name the stage that became slower, and since when', () => {
    const text = formatBoots([makeBoots(30, 20)], { width: 80, paint }).join('\n')
    assert.match(
      text,
      /^rock: 30 boots from power to shell\n {2}stage +boots +median +fastest +slowest +last +change\n/,
    )
    assert.match(text, /\n {2}whole boot +30 +3\.02 s +3\.00 s +3\.93 s +3\.93 s +\+30%\n/)
    assert.match(text, /\n {4}kernel +30 .* \+43%\n/)
    assert.match(
      text,
      /\n {2}boot: 3\.02 s -> 3\.92 s since 2026-01-21 .* with Linux 6\.12\n {4}first in run-20\n/,
    )
    assert.doesNotMatch(text, /bootloader:/)
  })

  it('leave out columns that are empty', () => {
    assert.deepEqual(
      formatTable([{ title: 'a' }, { title: 'b' }, { title: 'c', align: 'right' }], [['1', '', '2']], 80),
      ['a  c', '1  2'],
    )
  })
})

describe('the chart of boot times', () => {
  it('draws a dot a boot, a line a level, and a mark where it changed', () => {
    const html = bootTimePage([makeBoots(30, 20)])
    const [boot = ''] = html.match(/<svg[\s\S]*?<\/svg>/) ?? []
    assert.equal(boot.match(/<circle /g)?.length, 30)
    assert.equal(boot.match(/class="median"/g)?.length, 2)
    assert.match(
      boot,
      /<g class="slower"><title>3\.02 s → 3\.92 s with Linux 6\.12, first in reports\/run-20<\/title>/,
    )
    assert.match(boot, /aria-label="Whole boot: median 3\.02 s of 30 boots, 1 change"/)
  })

  it('can be read on a telephone: a drawing keeps its size, and is moved in its own frame', () => {
    const html = bootTimePage([makeBoots(3, 3)])
    assert.match(html, /^figure \{.* overflow-x: auto; \}$/m)
    assert.match(html, /^svg \{.* min-width: \d+rem; /m)
  })

  it('loads nothing and runs nothing, whatever a kernel calls itself', () => {
    const html = bootTimePage([makeBoots(3, 3, '"><script>alert(1)</script>')])
    assert.doesNotMatch(html, /<script|\son\w+=|src=|href=|url\(/)
    assert.match(html, /default-src 'none'/)
  })

  it('keeps all dots on the drawing: what is far out stands at its edge', () => {
    const { from, to, ticks } = scaleFor([...Array.from({ length: 40 }, (_, index) => 1000 + index), 60_000])
    assert.ok(from > 0 && from < 1000 && to > 1040 && to < 4000, `${from} ${to}`)
    assert.ok(ticks.length >= 2 && ticks.every((tick) => tick >= from && tick <= to))
    for (const values of [[5], [0, 0], [1, 2], [900_000, 1_000_000]]) {
      const scale = scaleFor(values)
      assert.ok(
        scale.to > scale.from && scale.ticks.length > 0 && scale.ticks.length < 8,
        JSON.stringify(scale),
      )
    }
  })
})
