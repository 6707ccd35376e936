import assert from 'node:assert/strict'
import type { PowerSwitch } from '../../../src/board/power-switch.ts'
import { startDeadline } from '../../../src/core/deadline.ts'
import { powerOnIntoRecovery } from '../../../src/strategy/storage-edges.ts'
import type { StrategyBoard } from '../../../src/strategy/strategy.ts'

describe('The way into the recovery mode of a board', () => {
  const done: string[] = []
  const notes: string[] = []

  function createSwitch(name: string, onOff: () => Promise<void> = () => Promise.resolve()): PowerSwitch {
    const tell = (what: string) => Promise.resolve(void done.push(`${name} ${what}`))
    return {
      on: () => tell('on'),
      off: () => tell('off').then(onOff),
      state: () => Promise.resolve('unknown'),
    }
  }

  function boardWith(appear: () => Promise<void>, strap: PowerSwitch): StrategyBoard {
    done.length = 0
    notes.length = 0
    const board: Partial<StrategyBoard> = {
      name: 'rock3a',
      power: createSwitch('power'),
      recoveryStrap: strap,
      recovery: { appear, load: () => Promise.resolve() },
      note: (message) => notes.push(message),
      takeConsole: () => ({ discard: () => undefined }) as never,
    }
    return board as StrategyBoard
  }

  const enter = async (board: StrategyBoard) => {
    using t = startDeadline(5000, 'the test')
    await powerOnIntoRecovery(board, undefined, t)
  }

  it('takes the boot pins back, whether the board appeared or not', async () => {
    await enter(boardWith(() => Promise.resolve(), createSwitch('pins')))
    assert.deepEqual(done, ['pins on', 'power on', 'pins off'])
    const absent = boardWith(() => Promise.reject(new Error('it did not appear')), createSwitch('pins'))
    await assert.rejects(enter(absent), /it did not appear/)
    assert.deepEqual(done, ['pins on', 'power on', 'pins off'])
  })

  it('says first why the board did not get there, and then that its pins are still set', async () => {
    const stuck = createSwitch('pins', () => Promise.reject(new Error('the relay is stuck')))
    const absent = boardWith(() => Promise.reject(new Error('it did not appear')), stuck)
    await assert.rejects(enter(absent), /it did not appear/)
    assert.deepEqual(notes, ['the boot pins are still set: the relay is stuck'])
    await assert.rejects(enter(boardWith(() => Promise.resolve(), stuck)), /the relay is stuck/)
  })
})
