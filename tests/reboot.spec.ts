import assert from 'node:assert/strict'
import { useBoard } from 'hil'

describe('reboot', () => {
  const board = useBoard({ state: 'shell' })

  it('brings the same kernel up again as a new boot', async () => {
    const before = await identity()
    await board.goto('bootloader')
    await board.goto('shell')
    const after = await identity()
    assert.notEqual(after.boot, before.boot, 'the boot id is the same: the board did not reboot')
    assert.equal(after.release, before.release)
  })

  async function identity(): Promise<{ boot: string; release: string }> {
    const boot = await board.shell.runOk('cat /proc/sys/kernel/random/boot_id')
    const release = await board.shell.runOk('uname -r')
    return { boot: boot.stdout.trim(), release: release.stdout.trim() }
  }
})
