import assert from 'node:assert/strict'
import { startDeadline } from '../../../src/core/deadline.ts'
import { RunRecorder } from '../../../src/report/run-recorder.ts'
import type { InteractiveFailure } from '../../../src/session/run-options.ts'
import { FakeBoard, fakeEnvironment } from '../../support/fake-board.ts'
import { runSpecFiles } from '../../support/run-spec-files.ts'

describe('a run with --debug', () => {
  it('hands the live console to a person at each failure, before the hooks of the test, and goes on', async () => {
    const failures: Pick<InteractiveFailure, 'board' | 'test'>[] = []
    const { results, of, events } = await runSpecFiles(
      fakeEnvironment({ one: new FakeBoard() }),
      {
        'a.spec.ts': `
          import { useBoard } from 'hil'
          describe('s', () => {
            const board = useBoard({ state: 'shell' })
            afterEach(() => { console.log('after each') })
            it('fails', async () => { await board.shell.run('true'); throw new Error('no') })
            it('goes on', () => board.shell.runOk('true'))
          })
        `,
      },
      {
        debug: true,
        timeoutMs: 1,
        onInteractive: async ({ console, seen, error, ...failure }) => {
          failures.push(failure)
          assert.equal(error.message, 'no')
          assert.deepEqual(seen, ['root# '])
          using t = startDeadline(1000, 'a person')
          await console.write('echo typed by hand\n', t)
          await console.expect({ output: 'typed by hand' }, t)
        },
      },
    )
    assert.deepEqual(failures, [{ board: 'one', test: 's fails' }])
    assert.deepEqual(results, ['s fails: failed (test-failed)', 's goes on: passed'])
    const order = of('console-tx').findIndex(({ text }) => text === 'echo typed by hand\n')
    assert.notEqual(order, -1)
    const recorder = new RunRecorder()
    for (const event of events) recorder.add(event)
    const [failed] = recorder.record.specs.flatMap(({ tests }) => tests)
    const lines = failed?.attempts[0]?.lastLines['one']?.map(({ text }) => text) ?? []
    assert.ok(lines.length > 0)
    assert.ok(!lines.some((line) => line.includes('typed by hand')), lines.join('\n'))
  })
})

describe('what a simulator can not do', () => {
  it('keeps a run that asked for it from being a pass', async () => {
    const board = new FakeBoard()
    board.unsupported.push('linux: command perf')
    const { outcome, results } = await runSpecFiles(fakeEnvironment({ one: board }), {
      'a.spec.ts': `import { useBoard } from 'hil'\nuseBoard({ state: 'shell' })\nit('a', () => {})`,
    })
    assert.deepEqual(results, ['a: passed'])
    assert.equal(outcome.verdict, 'environment-wrong')
    assert.match(
      (outcome.error as Error).message,
      /one was asked for what its simulator does not simulate: linux: command perf/,
    )
  })
})

describe('the secrets of a run', () => {
  it('are in none of its events', async () => {
    process.env['HIL_TEST_TOKEN'] = 'correct horse'
    try {
      const environment = {
        ...fakeEnvironment({ one: new FakeBoard() }),
        secretVariables: ['HIL_TEST_TOKEN'],
      }
      const { events, failures } = await runSpecFiles(
        environment,
        {
          'a.spec.ts': `
            import { useBoard, step } from 'hil'
            const board = useBoard({ state: 'shell' })
            it('tells', async () => {
              console.log('correct horse')
              await step('type correct horse', () => board.shell.run('echo correct horse'))
              throw new Error('it was ' + JSON.stringify({ token: 'correct horse' }))
            })
          `,
        },
        { argv: ['hil', 'run', '--token=correct horse'] },
      )
      assert.deepEqual(failures, ['it was {"token":"•••"}'])
      assert.equal(JSON.stringify(events).includes('correct horse'), false)
    } finally {
      delete process.env['HIL_TEST_TOKEN']
    }
  })
})
