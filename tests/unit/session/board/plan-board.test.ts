import assert from 'node:assert/strict'
import { planBoard } from '../../../../src/session/board/plan-board.ts'
import { FakeBoard, fakeEnvironment } from '../../../support/fake-board.ts'

describe('the plan of a board', () => {
  /** A board of a strategy that ships with hil. */
  function boardWith(states: Readonly<Record<string, number>>) {
    const [spec] = fakeEnvironment({ one: new FakeBoard() }, { states }).boards
    assert.ok(spec)
    return { ...spec, strategy: { name: 'barebox' } }
  }

  it('has a time for states of its strategy, and for those of another one that shares its times', async () => {
    const { strategy } = await planBoard(boardWith({ shell: 100, 'first-bootloader': 100 }))
    assert.equal(strategy.name, 'barebox')
  })

  it('has none for a state that there is not', async () => {
    await assert.rejects(planBoard(boardWith({ sheell: 100 })), {
      code: 'strategy.unknown-state',
      blame: 'environment',
      message:
        'timeouts.states of board "one" has "sheell", and no strategy has such a state; its own, "barebox", has off, bootloader, linux, shell; did you mean "shell"?',
    })
  })
})
