import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { verdicts } from '../../../src/core/verdicts.ts'
import { thisProcess } from '../../../src/lab/lease/holder.ts'
import { lockResource } from '../../../src/lab/resource-lock.ts'
import { FakeBoard, fakeEnvironment } from '../../support/fake-board.ts'
import { runSpecFiles, type SpecRunResult } from '../../support/run-spec-files.ts'

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
const budgetMs = 1000
const longestRunMs = 120_000

interface Case {
  readonly state: string
  readonly fault: string
  readonly board: FakeBoard
  readonly resource: string
  isStruck: boolean
}

const cases: Readonly<Record<string, Case>> = Object.fromEntries(
  states.flatMap((state) =>
    Object.keys(faults).map((fault): [string, Case] => {
      const name = `${state}: ${fault}`
      return [
        name,
        { state, fault, board: new FakeBoard(), resource: `test:${randomUUID()}`, isStruck: false },
      ]
    }),
  ),
)

/** One run with a board for each case, all in trouble at the same time, each with specs in a process of its own. */
function runAll(): Promise<SpecRunResult> {
  const boards = Object.fromEntries(Object.entries(cases).map(([name, { board }]) => [name, board]))
  return runSpecFiles(
    fakeEnvironment(boards, {
      resources: (name) => [cases[name]?.resource ?? ''],
      states: Object.fromEntries(states.map((state) => [state, budgetMs])),
    }),
    { 'a.spec.ts': spec },
    {},
    (event) => {
      if (event.type !== 'state-entered') return
      const one = cases[event.board]
      if (one === undefined || one.isStruck || event.to !== one.state) return
      one.isStruck = true
      faults[one.fault]?.(one.board)
    },
  )
}

describe('a board in any state that meets with any fault', () => {
  let run: SpecRunResult

  before(async function () {
    this.timeout(longestRunMs)
    run = await runAll()
  })

  it('keeps no other board from its verdicts', () => {
    const { outcome, of } = run
    assert.ok(outcome.verdict in verdicts)
    assert.notEqual(outcome.verdict, 'hil-bug', JSON.stringify(outcome.error))
    assert.equal(of('run-finished').length, 1)
    assert.equal(of('test-ended').length, 4 * Object.keys(cases).length)
  })

  for (const [name, { state, fault, board, resource }] of Object.entries(cases)) {
    it(`in "${state}", when ${fault}: a verdict for each test, power as declared, lock released`, async () => {
      assert.ok(cases[name]?.isStruck)
      const ended = run.of('test-ended').filter(({ console }) => name in console)
      assert.equal(ended.length, 4)
      for (const { verdict = '' } of ended) {
        assert.ok(verdict in verdicts)
        assert.notEqual(verdict, 'hil-bug')
      }
      const released = run.of('board-released').find((event) => event.board === name)
      const lies = board.faults.powerLies === true
      assert.equal(released?.power, lies ? 'on' : 'off')
      assert.equal(released.failures.length > 0, lies, released.failures.join('; '))
      await (await lockResource(resource, thisProcess('a test'))).release()
    })
  }
})
