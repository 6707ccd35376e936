import assert from 'node:assert/strict'
import { useBoard } from 'hil'

describe('modules of the payload', () => {
  const board = useBoard({ state: 'shell' })

  it('lie where the running kernel looks for them', async () => {
    await board.shell.runOk('test -f "/lib/modules/$(uname -r)/modules.dep.bin"')
  })

  it('can be loaded', async () => {
    await board.shell.runOk('modprobe dummy')
    const { stdout } = await board.shell.runOk('cat /proc/modules')
    assert.match(stdout, /^dummy /m)
  })
})
