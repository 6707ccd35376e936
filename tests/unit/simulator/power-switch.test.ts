import assert from 'node:assert/strict'
import { isDeadlineExceeded } from '../../../src/core/deadline.ts'
import { HilError } from '../../../src/core/errors.ts'
import { autobootPrompt, BoardConsole } from './board-console.ts'

describe('The simulated power switch', () => {
  it('starts the board, cuts it off in the middle of a word, and says which', async () => {
    using board = await BoardConsole.started({}, 'Board: ')
    const { power } = board.machine
    assert.equal(await power.state(board.t), 'on')
    await power.off(board.t)
    assert.equal(await power.state(board.t), 'off')
    const { length } = board.all
    await board.quiet()
    assert.equal(board.all.length, length)
  })

  it('drops what is typed while the power is off', async () => {
    using board = await BoardConsole.open()
    await board.type('\r\r\r')
    await board.machine.power.on(board.t)
    await board.until(/stop autoboot: +3\x08/)
  })

  it('does nothing when it is told what it does already', async () => {
    using board = await BoardConsole.started({}, autobootPrompt)
    await board.machine.power.on(board.t)
    await board.type('\r')
    await board.until('\x1b[0m ')
    assert.equal(board.all.match(/barebox 2026/g)?.length, 1)
  })

  it('keeps its state when the board switches itself off', async () => {
    using board = await BoardConsole.started({ bootloader: 'none' }, '\x1b[6n')
    await board.type('poweroff\r')
    await board.until('reboot: Power down')
    await board.quiet()
    assert.equal(await board.machine.power.state(board.t), 'on')
    await board.powerCycle()
    await board.until('\x1b[6n')
  })

  it('lies: it says that it switched, and did not', async () => {
    using board = await BoardConsole.open({
      faults: [{ name: 'power', how: 'lies', action: 'on', times: 1 }],
    })
    const { power } = board.machine
    await power.on(board.t)
    assert.equal(await power.state(board.t), 'on')
    await board.quiet()
    assert.equal(board.all, '')
    await power.on(board.t)
    await board.until(autobootPrompt)
  })

  it('lies about its state', async () => {
    using board = await BoardConsole.open({
      faults: [{ name: 'power', how: 'lies', action: 'state', times: 1 }],
    })
    assert.equal(await board.machine.power.state(board.t), 'on')
    assert.equal(await board.machine.power.state(board.t), 'off')
  })

  it('refuses with an infrastructure error', async () => {
    using board = await BoardConsole.open({ faults: [{ name: 'power', how: 'refuses', action: 'off' }] })
    await board.machine.power.on(board.t)
    await assert.rejects(
      board.machine.power.off(board.t),
      (error: unknown) =>
        error instanceof HilError && error.code === 'power.refused' && error.blame === 'infrastructure',
    )
  })

  it('hangs until the time is up', async () => {
    using board = await BoardConsole.open({ faults: [{ name: 'power', how: 'hangs' }] })
    using t = board.t.within(20, 'a switch that hangs')
    await assert.rejects(board.machine.power.on(t), isDeadlineExceeded)
  })
})
