import assert from 'node:assert/strict'
import { useBoard } from 'hil'

describe('boot', () => {
  const board = useBoard({ state: 'shell' })

  it('reaches userspace', async () => {
    const { stdout } = await board.shell.runOk('uname -r')
    assert.match(stdout, /^\d+\.\d+/)
  })

  it('runs the kernel that /proc/version names', async () => {
    const release = (await board.shell.runOk('uname -r')).stdout.trim()
    const { stdout } = await board.shell.runOk('cat /proc/version')
    assert.ok(stdout.startsWith(`Linux version ${release} `), stdout)
  })
})
