import assert from 'node:assert/strict'
import { FakeBoard, fakeEnvironment } from '../../support/fake-board.ts'
import { runSpecFiles } from '../../support/run-spec-files.ts'

describe('a spec that takes its process down', () => {
  it('loses nothing: its test failed, the tests after it run in a new process', async () => {
    const board = new FakeBoard()
    const { results, failures, outcome } = await runSpecFiles(
      fakeEnvironment({ one: board }),
      {
        'a.spec.ts': `
        import { useBoard } from 'hil'
        const board = useBoard({ state: 'shell' })
        it('before', () => board.shell.runOk('true'))
        it('leaves', async () => { await board.shell.runOk('true'); process.exit(3) })
        it('loops for ever', () => { for (;;); })
        it('kills itself', () => { process.kill(process.pid, 'SIGKILL'); return new Promise(() => {}) })
        it('after', () => board.shell.runOk('true'))
      `,
        'b.spec.ts': `it('in another file', () => {})`,
      },
      { timeoutMs: 1000 },
    )
    assert.deepEqual(results, [
      'before: passed',
      'leaves: failed (test-failed)',
      'loops for ever: failed (test-failed)',
      'kills itself: failed (test-failed)',
      'after: passed',
      'in another file: passed',
    ])
    assert.match(failures[0] ?? '', /the process of "leaves" ended with code 3/)
    assert.match(failures[1] ?? '', /"loops for ever" blocked its process/)
    assert.match(failures[2] ?? '', /the process of "kills itself" was ended by SIGKILL/)
    assert.equal(outcome.exitCode, 1)
    assert.equal(board.power, 'off')
    assert.deepEqual(
      board.log.filter((line) => line === 'on'),
      ['on'],
      'the board was started once',
    )
  }).timeout(40_000)

  it('is tried again with --retries', async () => {
    const { results } = await runSpecFiles(
      fakeEnvironment({ one: new FakeBoard() }),
      {
        'a.spec.ts': `
          import { existsSync, writeFileSync } from 'node:fs'
          const mark = import.meta.dirname + '/mark'
          it('a', () => {
            if (existsSync(mark)) return
            writeFileSync(mark, '')
            process.exit(1)
          })
        `,
      },
      { retries: 1 },
    )
    assert.deepEqual(results, ['a: failed', 'a: passed (flaky)'])
  })

  it('ends the run when a hook takes the process down each time', async () => {
    const { results, outcome } = await runSpecFiles(fakeEnvironment({ one: new FakeBoard() }), {
      'a.spec.ts': `
        before(() => { process.exit(1) })
        it('a', () => {})
        it('b', () => {})
      `,
    })
    assert.equal(results[0], 'the process of the spec: failed (test-failed)')
    assert.deepEqual(results.slice(-2), ['a: skipped', 'b: skipped'])
    assert.equal(outcome.exitCode, 1)
  })

  it('is looked after by the limit that a test has set for itself', async () => {
    const { results, failures } = await runSpecFiles(
      fakeEnvironment({ one: new FakeBoard() }),
      { 'a.spec.ts': `it('loops for ever', function () { this.timeout(100); for (;;); })` },
      { timeoutMs: 60_000 },
    )
    assert.deepEqual(results, ['loops for ever: failed (test-failed)'])
    assert.match(failures[0] ?? '', /"loops for ever" blocked its process/)
  })
})
