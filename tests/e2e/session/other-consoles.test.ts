import assert from 'node:assert/strict'
import { HilError } from '../../../src/core/errors.ts'
import { FakeBoard, fakeEnvironment } from '../../support/fake-board.ts'
import { FakeLine } from '../../support/fake-line.ts'
import { runSpecFiles } from '../../support/run-spec-files.ts'

/** Runs tests on a board that has two consoles beside its main one. */
async function run(source: string, settings: Parameters<FakeLine['as']>[1] = {}) {
  const [secure, m4] = [new FakeLine(), new FakeLine()]
  const board = new FakeBoard({}, { secure, m4 })
  const environment = fakeEnvironment(
    { one: board },
    { otherConsoles: [secure.as('secure', settings), m4.as('m4')] },
  )
  const header = `
    import assert from 'node:assert/strict'
    import { useBoard } from 'hil'
    const board = useBoard({ state: 'shell' })
  `
  const result = await runSpecFiles(environment, { 'a.spec.ts': header + source })
  const said = result.of('other-console').map(({ console, event }) => {
    return `${console} ${event.type} ${'text' in event ? event.text : ''}`.trimEnd()
  })
  return { ...result, said, secure, m4 }
}

const oops = '[    8.000000] Internal error: Oops: 0000000096000004 [#1] SMP'

describe('The consoles of a board beside its main one', () => {
  it('are read, typed on and waited for by their names, while the board stays in its state', async () => {
    const { results, said, of } = await run(`
      it('asks the secure world', async () => {
        await board.shell.runOk('tell secure OP-TEE version: 4.1')
        const { groups } = await board.consoles.secure.expect(/OP-TEE version: (\\d\\.\\d)/)
        assert.deepEqual(groups, ['4.1'])
        await board.consoles.m4.write('status\\n')
        assert.equal((await board.consoles.m4.expect('stat')).which, 'pattern')
        assert.deepEqual(await board.consoles.secure.lastLines(1), ['OP-TEE version: 4.1'])
        assert.equal(board.state, 'shell')
        await board.shell.runOk('true')
      })
    `)
    assert.deepEqual(results, ['asks the secure world: passed'])
    assert.deepEqual(said, [
      'secure console-rx OP-TEE version: 4.1',
      'm4 console-tx status',
      'm4 console-rx status',
    ])
    const main = of('console-rx').map(({ text = '' }) => text)
    assert.ok(!main.join('').includes('OP-TEE'), 'what they say is not mixed into the main console')
  })

  it('say what of the boot before nobody waits for any more', async () => {
    const { results, failures } = await run(`
      it('waits', async () => {
        await board.shell.runOk('tell m4 ready')
        await board.power.cycle()
        await board.consoles.m4.expect('ready', { timeout: 50 })
      })
    `)
    assert.deepEqual(results, ['waits: failed (board-failed)'])
    assert.match(failures[0] ?? '', /^no pattern on the console of one\/m4 in time/)
  })

  it('fail a test by what a kernel complains about on them, unless that is switched off', async () => {
    const spec = `it('a', () => board.shell.runOk('tell secure ${oops}'))
      it('b', () => board.shell.runOk('true'))`
    const read = await run(spec)
    assert.deepEqual(read.results, ['a: failed (board-failed)', 'b: passed'])
    assert.match(read.failures[0] ?? '', /^the kernel of one\/secure said "/)
    assert.deepEqual(
      read.said.filter((line) => line.includes('finding')),
      ['secure kernel-finding'],
    )
    const unread = await run(spec, { readsKernelLog: false })
    assert.deepEqual(unread.results, ['a: passed', 'b: passed'])
  })

  it('fail a test at once by what the environment forbids, and the next one finds the board started anew', async () => {
    const { results, failures, of } = await run(
      `
        it('hangs', async () => {
          await board.shell.runOk('tell secure E/TC:0 0 Panic at core/kernel.c:12')
          await board.shell.run('hang', { timeout: '60s' })
        })
        it('goes on', async () => {
          await board.consoles.secure.write('hello\\n')
          await board.consoles.secure.expect('hello')
        })
      `,
      { failOn: [/^E\/TC/] },
    )
    assert.deepEqual(results, ['hangs: failed (board-failed)', 'goes on: passed'])
    assert.equal(
      failures[0],
      'one/secure said "E/TC:0 0 Panic at core/kernel.c:12", which "fail-on" of the environment forbids',
    )
    const starts = of('power').filter(({ action }) => action === 'on').length
    assert.equal(starts, 2)
  })

  it('tell one complaint of a kernel once that comes on several consoles', async () => {
    const line = '[    8.000000] WARNING: CPU: 0 PID: 9 at drivers/pump.c:12 pump_start+0x1c/0x40'
    const { results, of, said } = await run(`
      it('warns', async () => {
        await board.shell.runOk('tell m4 ${line}')
        await board.shell.runOk('warn')
      })
    `)
    assert.deepEqual(results, ['warns: failed (board-failed)'])
    const found = said.filter((event) => event.endsWith('finding')).length + of('kernel-finding').length
    assert.equal(found, 1)
  })

  it('are named where a spec asks for one that is not there', async () => {
    const { failures } = await run(`it('a', () => board.consoles.secur.write('x'))`)
    assert.equal(
      failures[0],
      'the board one has no console "secur" beside its main one; there is secure, m4 ("consoles:")',
    )
  })

  it('fail what waits on them when they are gone, to the blame of the infrastructure', async () => {
    const secure = new FakeLine()
    const environment = fakeEnvironment({ one: new FakeBoard({}, { secure }) })
    const { results, of } = await runSpecFiles(
      environment,
      {
        'a.spec.ts': `
          import { useBoard } from 'hil'
          const board = useBoard({ state: 'shell' })
          it('waits', async () => {
            await board.shell.runOk('unplug-secure')
            await board.consoles.secure.expect('ready', { timeout: '60s' })
          })
          it('finds it open again', () => board.consoles.secure.write('x'))
        `,
      },
      {},
      (event) => {
        if (event.type === 'command') {
          secure.unplug(new HilError('console.closed', 'it was unplugged', { blame: 'infrastructure' }))
        }
      },
    )
    assert.deepEqual(results, ['waits: failed (infrastructure-failed)', 'finds it open again: passed'])
    assert.ok(of('other-console').some(({ event }) => event.type === 'console-closed'))
  })
})
