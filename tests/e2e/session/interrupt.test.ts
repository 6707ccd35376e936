import assert from 'node:assert/strict'
import type { RunEvent } from '../../../src/core/events.ts'
import { FakeBoard, fakeEnvironment } from '../../support/fake-board.ts'
import { runSpecFiles } from '../../support/run-spec-files.ts'

const spec = `
  import { useBoard } from 'hil'
  const board = useBoard({ state: 'shell' })
  it('first', () => {})
  it('waits for ever', () => board.shell.run('hang', { timeout: '1h' }))
  it('never runs', () => {})
`

/** Runs the spec and interrupts it as soon as an event is the right one. */
async function interruptAt(isMoment: (event: RunEvent) => boolean, signal = 'SIGINT', source = spec) {
  const board = new FakeBoard()
  const interruption = new AbortController()
  const result = await runSpecFiles(
    fakeEnvironment({ one: board }),
    { 'a.spec.ts': source },
    { interrupt: interruption.signal },
    (event) => {
      if (isMoment(event)) interruption.abort(signal)
    },
  )
  return { ...result, board }
}

describe('an interrupted run', () => {
  for (const [signal, exitCode] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    it(`ends with ${exitCode} on ${signal}, with its boards as declared and its events complete`, async () => {
      const { outcome, results, of, board, events } = await interruptAt(
        (event) => event.type === 'console-tx' && event.text === 'hang\n',
        signal,
      )
      assert.equal(outcome.exitCode, exitCode)
      assert.equal(outcome.error, undefined)
      assert.deepEqual(results, ['first: passed', 'waits for ever: skipped'])
      assert.equal(of('test-ended').at(-1)?.reason, `interrupted by ${signal}`)
      assert.equal(board.power, 'off')
      assert.equal(of('board-released').length, 1)
      assert.equal(of('run-finished')[0]?.interruptedBy, signal)
      assert.equal(events.at(-1)?.type, 'run-finished')
    })
  }

  it('ends while a board is on its way to a state', async () => {
    const { outcome, board, of } = await interruptAt(
      (event) => event.type === 'state-entering' && event.to === 'linux',
    )
    assert.equal(outcome.exitCode, 130)
    assert.equal(board.power, 'off')
    assert.equal(of('board-released').length, 1)
  })

  it('ends while specs are loaded', async () => {
    const { outcome, board } = await interruptAt(
      (event) => event.type === 'spec-output',
      'SIGINT',
      `console.log('loading')\nawait new Promise(() => {})`,
    )
    assert.equal(outcome.exitCode, 130)
    assert.deepEqual(board.log, [])
  })

  it('ends although the spec blocks its process', async () => {
    const { outcome, board } = await interruptAt(
      (event) => event.type === 'spec-output',
      'SIGINT',
      `import { useBoard } from 'hil'\nuseBoard({ state: 'shell' })\nit('a', () => { console.log('now'); for (;;); })`,
    )
    assert.equal(outcome.exitCode, 130)
    assert.equal(board.power, 'off')
  })
})
