import assert from 'node:assert/strict'
import { dotReporter } from '../../../src/report/terminal/dot-reporter.ts'
import { liveStatus } from '../../../src/report/terminal/live-status.ts'
import { makePaint } from '../../../src/report/terminal/paint.ts'
import { Screen } from '../../../src/report/terminal/screen.ts'
import { specReporter } from '../../../src/report/terminal/spec-reporter.ts'
import { fitText } from '../../../src/report/terminal/text-width.ts'
import { memoryOutput } from './memory-output.ts'
import { assertionError, makeTest, ScriptedRun, timeoutError } from './script-run.ts'

const plain = makePaint(false)

/** What the spec reporter prints of a run. */
async function printed(run: ScriptedRun, options: Parameters<typeof memoryOutput>[0] = {}): Promise<string> {
  const output = memoryOutput(options)
  await run.play(specReporter({ screen: new Screen(output), reportDirectory: 'reports/here' }))
  return output.text
}

describe('the spec reporter', () => {
  it('shows tests as a tree, each with its steps and durations', async () => {
    const first = makeTest(['boot', 'reaches userspace'])
    const second = makeTest(['boot', 'network', 'has a link'])
    const run = new ScriptedRun()
      .take()
      .load(first, second)
      .start(first)
      .enter('off', 'shell', 1234)
      .pass(first)
    run.start(second).emit({ type: 'step-started', id: 's', title: 'look', test: second.id }).wait(80)
    run.emit({ type: 'step-ended', id: 's', durationMs: 80 }).pass(second).finish()
    assert.deepEqual((await printed(run)).split('\n'), [
      '',
      'sim  tests/boot.spec.ts',
      '  boot',
      '    ✓ reaches userspace  12 ms',
      '        off → shell  1.23 s',
      '    network',
      '      ✓ has a link  12 ms',
      '          look  80 ms',
      '',
      '2 passed  1.31 s',
      'Report: reports/here',
      '',
    ])
  })

  it('tells of a failure the sentence, the deadlines, the place, the console and the report', async () => {
    const [boots, answers] = [makeTest(['boots']), makeTest(['answers'])]
    const run = new ScriptedRun().load(boots, answers).start(boots)
    run.receive('Starting kernel ...\r\n').fail(boots, timeoutError)
    run.start(answers).fail(answers, assertionError).finish('board-failed')
    const text = await printed(run)
    assert.match(text, /✗ 1\) boots .* board failed\n/)
    assert.match(text, /^1\) sim {2}tests\/boot\.spec\.ts\n {3}boots\n\n {3}no prompt within 10 s$/m)
    assert.match(text, /^ {3}board failed \(console\.timeout\)$/m)
    assert.match(text, /^ {3}time: run 12\.0 s of 5 min > enter shell 10\.0 s of 10 s$/m)
    assert.match(text, /^ {3}console of sim, last lines:\n {7}0\.000 │ Starting kernel \.\.\.$/m)
    assert.match(text, /^ {3}at tests\/boot\.spec\.ts:9:12$/m)
    assert.match(text, /0 passed, 2 failed .*\nVerdict: board failed \(exit 1\)\nReport: reports\/here\n$/)
  })

  it('tells what a boot has proven above the tests that it is for', async () => {
    const [boots, reboots, loads] = [
      makeTest(['boots']),
      makeTest(['reboots']),
      makeTest(['loads'], { file: 'b.ts' }),
    ]
    const proof = {
      type: 'boot-proof',
      board: 'sim',
      stage: 'kernel',
      result: 'proven',
      links: [],
      seen: {},
    } as const
    const run = new ScriptedRun().take().load(boots, reboots, loads)
    for (const [test, weakest] of [
      [boots, 'one'],
      [reboots, 'two'],
      [loads, 'three'],
    ] as const) {
      run
        .start(test)
        .emit({ ...proof, weakest })
        .pass(test)
    }
    const said = (await printed(run.finish()))
      .split('\n')
      .map((line) => /link: \w+|✓ \w+/.exec(line)?.[0] ?? line)
    assert.deepEqual(said.slice(0, 11), [
      'link: one',
      '',
      'sim  tests/boot.spec.ts',
      '✓ boots',
      'link: two',
      '✓ reboots',
      '',
      'link: three',
      '',
      'sim  b.ts',
      '✓ loads',
    ])
  })

  it('says when a console is away, and when it is back', async () => {
    const test = makeTest(['boots'])
    const run = new ScriptedRun().take().load(test).start(test)
    run.emit({ type: 'console-lost', board: 'sim', reason: 'ser2net hung up' }).wait(2500)
    run.emit({ type: 'console-back', board: 'sim', awayMs: 2500 }).pass(test).finish()
    assert.match(
      await printed(run),
      /^warning: sim: the console is away, and waited for: ser2net hung up\nsim: the console is back after 2\.5 s\n/,
    )
  })

  it('marks flaky and skipped tests, the latter with the reason', async () => {
    const [flakes, skips] = [makeTest(['flakes']), makeTest(['skips'])]
    const run = new ScriptedRun()
      .load(flakes, skips)
      .start(flakes)
      .fail(flakes, timeoutError, { willRetry: true })
    run.start(flakes, 2).pass(flakes, { attempt: 2, verdict: 'flaky' })
    run.skip(skips, 'the board has no such feature').finish('flaky', { exitCode: 0 })
    const text = await printed(run)
    assert.match(text, /~ flakes .*flaky: passed on attempt 2/)
    assert.match(text, /- skips {2}skipped: the board has no such feature/)
    assert.doesNotMatch(text, /^1\)/m)
  })

  it('keeps the tests of boards that run side by side apart', async () => {
    const boards = ['a', 'b', 'c']
    const tests = boards.map((board) =>
      ['one', 'two'].map((title) => makeTest(['s', title], { boards: [board] })),
    )
    const run = new ScriptedRun({ boards })
    for (const ofBoard of tests) run.load(...ofBoard)
    for (const round of [0, 1]) {
      for (const test of tests.flatMap((ofBoard) => ofBoard[round] ?? [])) {
        run.start(test).emit({
          type: 'spec-output',
          stream: 'stdout',
          text: `${test.boards[0] ?? ''} speaks\n`,
          test: test.id,
        })
        run.pass(test)
      }
    }
    const shown = (await printed(run.finish())).split('\n').filter((line) => line !== '')
    const block = (board: string) => [
      `${board}  tests/boot.spec.ts`,
      `    │ ${board} speaks`,
      '  s',
      '    ✓ one  12 ms',
      `    │ ${board} speaks`,
      '    ✓ two  12 ms',
    ]
    const sorted = (lines: readonly string[]) => lines.toSorted()
    boards.forEach((board, index) => {
      assert.deepEqual(sorted(shown.slice(index * 6, index * 6 + 6)), sorted(block(board)))
    })
  })

  it('shows why a run failed in which no test could begin', async () => {
    const run = new ScriptedRun().finish('environment-wrong', {
      exitCode: 2,
      error: {
        name: 'HilError',
        message: 'no test matches --grep "x"',
        code: 'spec.no-tests',
        blame: 'environment',
      },
    })
    assert.match(await printed(run), /no test matches --grep "x"\n {3}environment wrong \(spec\.no-tests\)/)
  })

  it('writes no escape without a terminal, whatever boards and specs say', async () => {
    const hostile = '\x1b]0;title\x07\x1b[2J\x9b31m::error::x\r\n'
    const test = makeTest([hostile], { boards: [hostile] })
    const run = new ScriptedRun({ boards: [hostile] }).load(test).start(test).receive(hostile, hostile)
    run.emit({ type: 'spec-output', stream: 'stdout', text: hostile })
    run.emit({ type: 'note', level: 'warning', message: hostile, board: hostile })
    run.enter(hostile, hostile, 1, hostile)
    run
      .fail(test, { ...assertionError, message: hostile, expected: hostile, actual: hostile })
      .finish('test-failed')
    assert.doesNotMatch(await printed(run), /[\x00-\x09\x0b-\x1f\x7f-\x9f]|^\s*::/m)
  })

  it('uses colours on a terminal only, and no other escape in what stays', async () => {
    const test = makeTest(['boots'])
    const run = new ScriptedRun().load(test).start(test).receive('\x1b[2Jx\r\n').fail(test, timeoutError)
    const text = await printed(run.finish('board-failed'), { isColoured: true })
    assert.match(text, /\x1b\[31m/)
    assert.deepEqual(text.match(/\x1b(?!\[\d+m)/g), null)
  })
})

describe('the live lines', () => {
  const run = () =>
    new ScriptedRun({ boards: ['sim'] })
      .take()
      .emit({ type: 'state-entering', board: 'sim', from: 'off', to: 'shell', attempt: 1, budgetMs: 60_000 })
      .wait(1500)
      .receive('[    0.000000] Booting \x1b[31mLinux\x1b[0m on physical CPU\r\n')

  it('show board, state, time and the last line of the console', () => {
    const { record } = run()
    assert.deepEqual(liveStatus(record, 2000, 80, plain), [
      'sim  → shell 2.0 s of 1 min │ [    0.000000] Booting Linux on physical CPU',
    ])
  })

  it('fit into any terminal', () => {
    const { record } = run().receive('日本語'.repeat(100))
    for (let columns = 1; columns < 100; columns++) {
      for (const line of liveStatus(record, 2000, columns, plain))
        assert.ok(line.length < Math.max(2, columns))
    }
  })

  it('are one for each board that is held, and count the rest where they are many', () => {
    const boards = Array.from({ length: 32 }, (_, index) => `board${index}`)
    const many = new ScriptedRun({ boards })
    const lines = liveStatus(many.record, 0, 80, plain)
    assert.equal(lines.length, 9)
    assert.equal(lines.at(-1), '… and 24 boards more')
    for (const board of boards.slice(1))
      many.emit({ type: 'board-released', board, power: 'off', failures: [] })
    assert.equal(liveStatus(many.record, 0, 80, plain).length, 1)
  })
})

describe('a failure that is longer than a line', () => {
  const message = `${'the board said nothing '.repeat(5)}after all`
  const sentence = async (isTerminal: boolean) => {
    const test = makeTest(['boots'])
    const run = new ScriptedRun().take().load(test).start(test).fail(test, { name: 'Error', message })
    const output = memoryOutput({ isTerminal, columns: 40 })
    await run
      .finish('test-failed')
      .play(dotReporter({ screen: new Screen(output), reportDirectory: undefined }))
    return output.text.split('\n').filter((line) => /board|after all/.test(line))
  }

  it('is broken between words on a terminal', async () => {
    const lines = await sentence(true)
    assert.ok(
      lines.every(({ length }) => length <= 40),
      lines.join('\n'),
    )
    assert.equal(lines.map((line) => line.trim()).join(' '), message)
  })

  it('stays whole in a file, to be searched', async () => {
    assert.deepEqual(await sentence(false), [`   ${message}`])
  })
})

describe('the screen', () => {
  it('overwrites live lines in place, in a single write', () => {
    const output = memoryOutput({ isTerminal: true })
    const screen = new Screen(output)
    screen.setLive(['a', 'b'])
    screen.setLive(['a', 'c'])
    screen.setLive(['a', 'c'])
    screen.print('above\n')
    screen.setLive([])
    assert.deepEqual(output.writes, [
      'a\x1b[K\nb\x1b[K',
      '\r\x1b[1Aa\x1b[K\nc\x1b[K',
      '\r\x1b[1Aabove\x1b[K\na\x1b[K\nc\x1b[K',
      '\r\x1b[1A\x1b[J',
    ])
  })

  it('leaves the terminal to a person while it is suspended', () => {
    const output = memoryOutput({ isTerminal: true })
    const screen = new Screen(output)
    screen.setLive(['a'])
    screen.suspend()
    screen.setLive(['b'])
    screen.print('note\n')
    screen.resume()
    assert.deepEqual(output.writes, ['a\x1b[K', '\r\x1b[J', 'note\x1b[K\n', 'b\x1b[K'])
  })

  it('prints as it is where there is no terminal', () => {
    const output = memoryOutput()
    const screen = new Screen(output)
    screen.setLive(['a'])
    screen.print('x\n')
    assert.equal(output.text, 'x\n')
  })
})

describe('text that has to fit', () => {
  it('is cut with an ellipsis, wide characters counted twice', () => {
    assert.equal(fitText('abc', 3), 'abc')
    assert.equal(fitText('abcd', 3), 'ab…')
    assert.equal(fitText('日本', 4), '日本')
    assert.equal(fitText('日本語', 4), '日…')
    assert.equal(fitText('abc', 0), '')
  })
})

describe('the dot reporter', () => {
  it('writes one character a test, then the failures', async () => {
    const [a, b, c, d] = [makeTest(['a']), makeTest(['b']), makeTest(['c']), makeTest(['d'])]
    const run = new ScriptedRun().load(a, b, c, d).start(a).pass(a).start(b).fail(b, timeoutError)
    run.start(c).pass(c, { verdict: 'flaky' }).skip(d).finish('board-failed')
    const output = memoryOutput()
    await run.play(dotReporter({ screen: new Screen(output), reportDirectory: undefined }))
    assert.match(output.text, /^\.F~-\n\n1\) sim/)
  })
})
