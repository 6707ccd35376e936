import assert from 'node:assert/strict'
import { FakeBoard, fakeEnvironment, type FakeEnvironmentOptions } from '../../support/fake-board.ts'
import { runSpecFiles } from '../../support/run-spec-files.ts'

const header = `
  import assert from 'node:assert/strict'
  import { useBoard } from 'hil'
  const board = useBoard({ state: 'shell' })
`

function run(
  board: FakeBoard,
  source: string,
  options: Parameters<typeof runSpecFiles>[2] = {},
  environment: FakeEnvironmentOptions = {},
) {
  return runSpecFiles(fakeEnvironment({ one: board }, environment), { 'a.spec.ts': header + source }, options)
}

describe('a board in trouble', () => {
  it('whose console goes away in mid-test fails that test as infrastructure, and the next one gets it back', async () => {
    const board = new FakeBoard()
    const { results, outcome, of } = await run(
      board,
      `
      it('loses it', () => board.shell.run('unplug'))
      it('has it again', () => board.shell.runOk('true'))
    `,
    )
    assert.deepEqual(results, ['loses it: failed (infrastructure-failed)', 'has it again: passed'])
    assert.equal(outcome.exitCode, 3)
    assert.equal(of('console-closed').length, 1)
    assert.equal(of('state-failed').length, 0)
    assert.equal(board.power, 'off')
  })

  describe('that loses its console for a while', () => {
    const spec = `
      import { useBoard } from 'hil'
      const board = useBoard({ state: 'shell' })
      it('loses it', async () => {
        await board.shell.run('true')
        await board.console.write('unplug\\n')
        await board.console.write('echo is back\\n')
        await board.console.expect('is back')
      })
      it('goes on', () => board.shell.runOk('true'))
    `

    it('goes on where it was, and the gap is told', async () => {
      const environment = fakeEnvironment({ one: new FakeBoard() }, { reconnectMs: 5000 })
      const { results, of } = await runSpecFiles(environment, { 'a.spec.ts': spec })
      assert.deepEqual(results, ['loses it: passed', 'goes on: passed'])
      assert.deepEqual(
        of('console-lost').map(({ reason }) => reason),
        ['the fake UART was unplugged'],
      )
      assert.ok((of('console-back')[0]?.awayMs ?? Infinity) < 5000)
      assert.equal(of('console-closed').length, 0)
    })

    it('takes nothing from the time of the commands that come while it is away', async () => {
      const board = new FakeBoard({ missedReplugs: 2 })
      const source = `
        it('goes on', async () => {
          await board.shell.runOk('echo first')
          await board.shell.runOk('echo second')
        })
      `
      const { results, of } = await runSpecFiles(
        fakeEnvironment({ one: board }, { reconnectMs: 60_000 }),
        { 'a.spec.ts': header + source },
        {},
        (event) => {
          if (event.type === 'command' && event.command === 'echo first') board.unplug()
        },
      )
      assert.deepEqual(results, ['goes on: passed'])
      const second = of('command').find(({ command }) => command === 'echo second')
      const [back] = of('console-back')
      assert.ok(back !== undefined && second !== undefined)
      assert.ok(second.t - second.durationMs >= back.t)
    })

    it('is what a wait failed by, where what it waited for may have been said meanwhile', async () => {
      const environment = fakeEnvironment({ one: new FakeBoard() }, { reconnectMs: 5000 })
      const { results, failures, outcome } = await runSpecFiles(environment, {
        'a.spec.ts': `
          import { useBoard } from 'hil'
          const board = useBoard({ state: 'shell' })
          it('waits', async () => {
            await board.console.write('unplug\\n')
            await board.console.expect('what was said meanwhile', { timeout: 500 })
          })
        `,
      })
      assert.deepEqual(results, ['waits: failed (infrastructure-failed)'])
      assert.match(
        failures[0] ?? '',
        /but it was away meanwhile \(the fake UART was unplugged\): what was waited for, or asked for, may have been lost/,
      )
      assert.equal(outcome.exitCode, 3)
    })

    it('fails by the infrastructure where it stays away', async () => {
      const board = new FakeBoard({ staysUnplugged: true })
      const environment = fakeEnvironment({ one: board }, { reconnectMs: 300 })
      const { results, failures, outcome, of } = await runSpecFiles(environment, { 'a.spec.ts': spec })
      assert.equal(results[0], 'loses it: failed (infrastructure-failed)')
      assert.equal(
        failures[0],
        'the console of one was away for longer than 300 ms: the fake UART was unplugged; last it was tried in vain: the fake UART was unplugged',
      )
      assert.equal(outcome.exitCode, 3)
      assert.equal(of('console-closed').length, 1)
      assert.equal(board.power, 'off')
    })
  })

  it('that resets in the middle of a command fails at once and not at the timeout', async () => {
    const { results, failures, of } = await run(
      new FakeBoard(),
      `
      it('resets', () => board.shell.run('reset', { timeout: '10s' }))
      it('goes on', () => board.shell.runOk('true'))
    `,
    )
    assert.deepEqual(results, ['resets: failed (board-failed)', 'goes on: passed'])
    assert.match(
      failures[0] ?? '',
      /the board one reset by itself: its bootloader started again \("fakeboot 1.0"\)/,
    )
    assert.ok((of('test-ended')[0]?.durationMs ?? Infinity) < 2000)
  })

  it('that hangs fails each test with what was seen, and is off at the end', async () => {
    const board = new FakeBoard({ hangs: true })
    const { results, failures, outcome } = await run(
      board,
      `
        it('a', () => {})
        it('b', () => board.shell.runOk('true'))
      `,
      {},
      { states: { shell: 100 } },
    )
    assert.deepEqual(results, ['a: failed (board-failed)', 'b: failed (board-failed)'])
    assert.match(
      failures[0] ?? '',
      /no prompt on the console of one in time \("a" no limit > one: linux -> shell 100 ms\)/,
    )
    assert.equal(outcome.exitCode, 1)
    assert.equal(board.power, 'off')
  })

  it('that fails three times in a row is not waited for by the tests that are left', async () => {
    const { results, failures, of } = await run(
      new FakeBoard({ hangs: true }),
      `for (const n of [1, 2, 3, 4, 5]) it('test ' + n, () => board.shell.runOk('true'))`,
      {},
      { states: { shell: 50 } },
    )
    assert.equal(results.length, 5)
    assert.match(
      failures[4] ?? '',
      /could not be brought to "shell" 3 times in a row, and is not tried again/,
    )
    assert.equal(of('state-failed').length, 3)
    assert.deepEqual(new Set(of('test-ended').map(({ verdict }) => verdict)), new Set(['board-failed']))
  })

  it('that is silent says so', async () => {
    const { failures, outcome } = await run(
      new FakeBoard({ silent: true }),
      `it('a', () => {})`,
      {},
      { states: { bootloader: 50 } },
    )
    assert.match(failures[0] ?? '', /the console stayed silent/)
    assert.equal(outcome.verdict, 'board-failed')
  })

  it('whose switch lies is an infrastructure failure, and is said to be on', async () => {
    const board = new FakeBoard({ powerLies: true })
    board.switchOn()
    const { outcome, of } = await run(board, `it('a', () => {})`)
    assert.equal(outcome.verdict, 'infrastructure-failed')
    const [released] = of('board-released')
    assert.equal(released?.power, 'on')
    assert.match(released?.failures.join() ?? '', /switching the power off: .*told "off" and says "on"/)
  })

  it('gives a failed hook around a suite the error of the board, and not one about its state', async () => {
    const { results, failures } = await run(
      new FakeBoard({ silent: true }),
      `
      describe('s', () => {
        before(() => board.shell.runOk('true'))
        it('a', () => {})
      })
    `,
      {},
      { states: { bootloader: 50 } },
    )
    assert.deepEqual(results, ['s "before all" hook: failed (board-failed)', 's a: skipped'])
    assert.match(failures[0] ?? '', /could not be brought to "shell": .*the console stayed silent/)
  })

  it('that a test left in a bad state does not fail the next test', async () => {
    const { results } = await run(
      new FakeBoard(),
      `
      it('leaves it at the bootloader', () => board.goto('bootloader'))
      it('needs the shell', () => board.shell.runOk('true'))
      it('leaves it without power', () => board.power.off())
      it('needs the shell again', () => board.shell.runOk('true'))
      it('types into the console', async () => {
        await board.console.write('echo hello\\n')
        const { before } = await board.console.expect(/=\\d/)
        assert.match(before, /hello/)
        assert.equal(board.state, 'unknown')
      })
      it('needs the shell once more', () => board.shell.runOk('true'))
      it('hangs the shell', () => board.shell.run('hang', { timeout: 50 }))
      it('needs the shell in the end', () => board.shell.runOk('true'))
    `,
    )
    assert.deepEqual(
      results.filter((result) => !result.endsWith(': passed')),
      ['hangs the shell: failed (board-failed)'],
    )
  })

  it('is used by the wrong name of its state: the test is told which state it is in', async () => {
    const { failures, results } = await run(
      new FakeBoard(),
      `
      it('a', () => board.bootloader.run('version'))
      it('b', async () => { await board.goto('bootloader'); return board.shell.run('true') })
      it('c', () => board.goto('nowhere'))
      it('d', () => board.shell.runOk('false'))
    `,
    )
    assert.match(failures[0] ?? '', /the board one is in state "shell", which has no bootloader/)
    assert.match(failures[1] ?? '', /the board one is in state "bootloader", which has no shell/)
    assert.match(failures[2] ?? '', /has no state "nowhere"/)
    assert.match(failures[3] ?? '', /"false" ended with status 1 and printed:\nit went wrong/)
    assert.deepEqual(results, [
      'a: failed (test-failed)',
      'b: failed (test-failed)',
      'c: failed (environment-wrong)',
      'd: failed (test-failed)',
    ])
  })

  it('points the stack of every failed call at the line of the spec', async () => {
    const { of } = await run(
      new FakeBoard(),
      `
      it('a', async () => {
        await board.shell.runOk('true')
        await board.shell.runOk('false')
      })
      it('b', async () => {
        await board.bootloader.run('version')
      })
    `,
    )
    const frames = of('test-ended').map(({ error }) =>
      error?.stack?.split('\n').find((line) => line.startsWith('    at ')),
    )
    assert.match(frames[0] ?? '', /a\.spec\.ts:8:27/)
    assert.match(frames[1] ?? '', /a\.spec\.ts:11:32/)
  })

  it('refuses calls of a test that is over', async () => {
    const { results, failures } = await run(
      new FakeBoard(),
      `
      let late
      it('a', () => { late = new Promise((resolve) => setTimeout(resolve, 50)).then(() => board.shell.run('true')) })
      it('b', () => late)
    `,
    )
    assert.deepEqual(results, ['a: passed', 'b: failed (test-failed)'])
    assert.match(failures[0] ?? '', /runInShell on one was called by "a" after its end/)
  })

  it('is left on where the environment or --keep says so', async () => {
    const kept = new FakeBoard()
    await run(kept, `it('a', () => {})`, { keep: true })
    assert.equal(kept.power, 'on')
    const left = new FakeBoard()
    const { of } = await run(left, `it('a', () => board.power.off())`, {}, { after: 'on' })
    assert.equal(left.power, 'on')
    assert.equal(of('board-released')[0]?.power, 'on')
  })

  it('that is left on has its line given back, as it was found', async () => {
    const kept = new FakeBoard()
    await run(kept, `it('a', () => {})`, { keep: true })
    assert.equal(kept.log.at(-1), 'the shell was left')
    const off = new FakeBoard()
    await run(off, `it('a', () => {})`)
    assert.ok(!off.log.includes('the shell was left'))
  })

  it('that runs already is used as it is found', async () => {
    const board = new FakeBoard()
    await run(board, `it('a', () => {})`, { keep: true })
    const { of } = await run(board, `it('a', () => {})`)
    assert.deepEqual(
      of('state-entered').map(({ to, by }) => [to, by]),
      [['shell', 'probe']],
    )
  })
})
