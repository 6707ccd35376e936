import assert from 'node:assert/strict'
import { FakeBoard, fakeEnvironment } from '../../support/fake-board.ts'
import { runSpecFiles } from '../../support/run-spec-files.ts'

function run(source: string, { allow = '[]', board = new FakeBoard() } = {}) {
  const header = `
    import { useBoard } from 'hil'
    const board = useBoard({ state: 'shell', allow: ${allow} })
  `
  return runSpecFiles(fakeEnvironment({ one: board }), { 'a.spec.ts': header + source })
}

describe('What the kernel says in a run', () => {
  it('ends a command at once where it is a panic, and the next test finds the board booted anew', async () => {
    const { results, failures, of } = await run(`
      it('panics', () => board.shell.run('panic'))
      it('goes on', () => board.shell.runOk('true'))
    `)
    assert.deepEqual(results, ['panics: failed (board-failed)', 'goes on: passed'])
    assert.equal(failures[0], 'the kernel of one panicked: told to')
    const entered = of('state-entered').map(({ from, to, by }) => `${from} -> ${to} by ${by}`)
    assert.deepEqual(entered.slice(4), [
      'unknown -> off by reset',
      'off -> bootloader by edge',
      'bootloader -> linux by edge',
      'linux -> shell by edge',
    ])
  })

  it('is what a board died of, for every call that comes after', async () => {
    const { failures } = await run(`
      it('goes on', async () => {
        await board.shell.run('panic').catch(() => undefined)
        await board.shell.run('true')
      })
    `)
    assert.equal(failures[0], 'the kernel of one panicked: told to')
  })

  it('is there for a spec that waits for these very words, and fails it all the same', async () => {
    const { results, failures } = await run(`
      it('provokes it', async () => {
        await board.console.write('panic\\n')
        await board.console.expect({ panic: 'Kernel panic' })
      })
    `)
    assert.deepEqual(results, ['provokes it: failed (board-failed)'])
    assert.equal(failures[0], 'the kernel of one panicked: told to')
  })

  it('is heard to the end of its report before the board is switched off', async () => {
    for (const spec of [
      `it('panics', () => board.shell.run('panic-with-trace'))`,
      `it('panics', async () => { await board.console.write('panic-with-trace\\n'); await board.power.off() })`,
    ]) {
      const { failures, of } = await run(spec)
      assert.equal(failures[0], 'the kernel of one panicked: told to')
      const [panic, ...others] = of('kernel-finding')
      assert.deepEqual(others, [])
      assert.deepEqual(panic?.lines.slice(1), [
        'Call trace:',
        ' pump_stop+0x4/0x8',
        '---[ end Kernel panic - not syncing ]---',
      ])
    }
  })

  it('is judged by its whole report, which names the function', async () => {
    const oops = `it('oopses', () => board.shell.runOk('oops'))
      it('goes on', () => undefined)`
    const title = 'BUG: unable to handle kernel NULL pointer dereference in pump_open'
    const { results, failures } = await run(oops)
    assert.deepEqual(results, ['oopses: failed (board-failed)', 'goes on: passed'])
    assert.ok(failures[0]?.includes(title), failures[0])

    const allow = `[{ signature: '${title}', reason: 'provoked', until: '2999-12-31' }]`
    assert.deepEqual((await run(oops, { allow })).results, ['oopses: passed', 'goes on: passed'])
  })

  it('does not keep the run waiting where the report has no end', async () => {
    const { results, of } = await run(`
      it('panics', () => board.shell.run('panic'))
      it('goes on', () => board.shell.runOk('true'))
    `)
    assert.deepEqual(results, ['panics: failed (board-failed)', 'goes on: passed'])
    const [panic] = of('kernel-finding')
    const [ended] = of('test-ended')
    assert.ok((ended?.t ?? 0) - (panic?.t ?? 0) < 5000)
  })

  const warns = `it('warns', () => board.shell.runOk('warn'))`

  it('fails the test in which it came', async () => {
    const { results, failures } = await run(warns)
    assert.deepEqual(results, ['warns: failed (board-failed)'])
    assert.match(failures[0] ?? '', /the kernel of one said "WARNING in pump_start" in the meantime/)
  })

  it('is allowed by a spec until a day, with a reason that the report has', async () => {
    const rules = [
      `[{ signature: 'WARNING in pump_start', reason: 'provoked', until: '2999-12-31' }]`,
      `[{ pattern: /^WARNING in pump_/, reason: 'provoked', until: '2999-12-31' }]`,
    ]
    for (const allow of rules) {
      const { results, of } = await run(warns, { allow })
      assert.deepEqual(results, ['warns: passed'])
      assert.deepEqual(
        of('kernel-finding').map(({ level, excuse }) => [level, excuse]),
        [['info', 'provoked']],
      )
    }
  })

  it('is an error of the spec where that allows it no longer, before a board is touched', async () => {
    const allow = `[{ signature: 'WARNING in pump_start', reason: 'provoked', until: '2020-01-31' }]`
    const { outcome, of } = await run(warns, { allow })
    assert.equal(outcome.exitCode, 2)
    assert.match(
      String(outcome.error),
      /a\.spec\.ts: useBoard\(\{ allow \}\): "WARNING in pump_start" until: this was allowed until 2020-01-31 and is over/,
    )
    assert.deepEqual(of('board-taken'), [])
  })
})
