import assert from 'node:assert/strict'
import { useBoard } from 'hil'

/** Lines of `dmesg -r` whose level is emergency, alert or critical (0 to 2, see syslog(2)). */
function graveLines(dmesg: string): string[] {
  return dmesg.split('\n').filter((line) => /^<[0-2]>/.test(line))
}

describe('the kernel log', () => {
  const board = useBoard({ state: 'shell' })

  it('begins with the kernel that runs', async () => {
    const release = (await board.shell.runOk('uname -r')).stdout.trim()
    const { stdout } = await board.shell.runOk('dmesg')
    assert.ok(stdout.includes(`Linux version ${release} `), 'the log does not hold the kernel banner')
  })

  it('holds nothing of level critical or worse', async () => {
    const { stdout } = await board.shell.runOk('dmesg -r')
    assert.deepEqual(graveLines(stdout), [])
  })

  it('holds no oops, warning or stall', async () => {
    const { stdout } = await board.shell.runOk('dmesg')
    const splats = stdout
      .split('\n')
      .filter((line) => /\b(?:BUG|WARNING|Oops|Call trace):|detected stall/i.test(line))
    assert.deepEqual(splats, [])
  })
})
