import assert from 'node:assert/strict'
import { FakeBoard, fakeEnvironment } from '../../support/fake-board.ts'
import { runSpecFiles } from '../../support/run-spec-files.ts'

const bootSpec = `
import assert from 'node:assert/strict'
import { useBoard } from 'hil'

describe('boot', () => {
  const board = useBoard({ state: 'shell' })
  it('reaches userspace', async () => {
    const { stdout } = await board.shell.run('uname -r')
    assert.match(stdout, /^\\d+\\.\\d+/)
  })
})
`

describe('a run of one spec on one board', () => {
  it('brings the board to the shell, passes, and leaves the board off', async () => {
    const board = new FakeBoard()
    const { outcome, results, of } = await runSpecFiles(fakeEnvironment({ one: board }), {
      'boot.spec.ts': bootSpec,
    })
    assert.deepEqual(results, ['boot reaches userspace: passed'])
    assert.deepEqual(outcome, {
      verdict: 'passed',
      exitCode: 0,
      counts: { passed: 1, failed: 0, skipped: 0, flaky: 0 },
    })
    assert.deepEqual(
      of('state-entered').map(({ to }) => to),
      ['off', 'bootloader', 'linux', 'shell'],
    )
    assert.equal(board.power, 'off')
    assert.deepEqual(
      of('board-released').map(({ power, failures }) => ({ power, failures })),
      [{ power: 'off', failures: [] }],
    )
  })

  it('starts the board anew where a test asks for it, without its power switch', async () => {
    const board = new FakeBoard()
    const { results, of } = await runSpecFiles(fakeEnvironment({ one: board }), {
      'reboot.spec.ts': `import { useBoard } from 'hil'
        describe('a board', () => {
          const board = useBoard({ state: 'shell' })
          it('comes up again', async () => {
            await board.reboot({ timeout: '20s' })
            await board.shell.runOk('true')
          })
        })`,
    })
    assert.deepEqual(results, ['a board comes up again: passed'])
    assert.deepEqual(
      of('state-entered').map(({ to }) => to),
      ['off', 'bootloader', 'linux', 'shell', 'bootloader', 'linux', 'shell'],
    )
    assert.deepEqual(
      of('power').map(({ action }) => action),
      ['on', 'off'],
    )
  })
})
