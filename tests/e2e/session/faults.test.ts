import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { verdicts } from '../../../src/core/verdicts.ts'
import { lockResource } from '../../../src/lab/resource-lock.ts'
import { FakeBoard, fakeEnvironment } from '../../support/fake-board.ts'
import { runSpecFiles } from '../../support/run-spec-files.ts'

/** What happens to a board the moment it has entered a state. */
const faults: Readonly<Record<string, (board: FakeBoard) => void>> = {
  'its console is unplugged': (board) => {
    board.unplug()
  },
  'its console falls silent': (board) => {
    board.faults.silent = true
  },
  'its kernel hangs from now on': (board) => {
    board.faults.hangs = true
  },
  'it resets itself': (board) => {
    board.reset()
  },
  'it loses its power': (board) => {
    board.losePower()
  },
  'it does not start the next time': (board) => {
    board.faults.deadStarts = 1
  },
  'its switch lies from now on': (board) => {
    board.faults.powerLies = true
  },
}

const states = ['off', 'bootloader', 'linux', 'shell']

const spec = `
  import { useBoard } from 'hil'
  describe('a day in the life', () => {
    const board = useBoard({ state: 'shell' })
    it('runs a command', () => board.shell.runOk('true', { timeout: 300 }))
    it('reboots', async () => { await board.goto('bootloader'); await board.goto('shell') })
    it('cycles the power', async () => { await board.power.cycle(); await board.goto('shell') })
    it('runs another command', () => board.shell.runOk('true', { timeout: 300 }))
  })
`

/** Budgets of the states, and so of everything that can hang. */
const budgetMs = 200
const longestRunMs = 10_000

describe('a board in any state that meets with any fault', () => {
  for (const state of states) {
    for (const [name, strike] of Object.entries(faults)) {
      it(`in "${state}", when ${name}: one verdict in time, power as declared, lock released`, async () => {
        const board = new FakeBoard()
        const resource = `test:${randomUUID()}`
        let isStruck = false
        const { outcome, of, events } = await runSpecFiles(
          fakeEnvironment(
            { one: board },
            { resources: [resource], states: Object.fromEntries(states.map((each) => [each, budgetMs])) },
          ),
          { 'a.spec.ts': spec },
          {},
          (event) => {
            if (isStruck || event.type !== 'state-entered' || event.to !== state) return
            isStruck = true
            strike(board)
          },
        )
        assert.ok(isStruck)
        assert.ok(outcome.verdict in verdicts)
        assert.notEqual(outcome.verdict, 'hil-bug', JSON.stringify(outcome.error))
        assert.equal(of('run-finished').length, 1)
        assert.ok((events.at(-1)?.t ?? Infinity) < longestRunMs)
        assert.equal(of('test-started').length, of('test-ended').length)

        const [released] = of('board-released')
        const lies = board.faults.powerLies === true
        assert.equal(released?.power, lies ? 'on' : 'off')
        assert.equal(released.failures.length > 0, lies)
        if (lies) assert.notEqual(outcome.verdict, 'passed')
        const lock = await lockResource(resource, { pid: 0, user: '', since: '', what: '' })
        await lock.release()
      })
    }
  }
})
