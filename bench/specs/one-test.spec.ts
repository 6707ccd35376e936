import assert from 'node:assert/strict'
import { useBoard } from 'hil'

describe('one test', () => {
  const board = useBoard({ state: 'shell' })

  it('reaches userspace', async () => {
    assert.match((await board.shell.runOk('uname -r')).stdout, /^\d/)
  })
})
