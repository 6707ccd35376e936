import assert from 'node:assert/strict'
import { debianArm64 } from '../../../scripts/setup/places.mjs'
import { describeWith } from '../../support/requirements.ts'
import { bootBoard } from '../payload/boot-board.ts'

const { kernel, busybox } = debianArm64()
const payload = `{ kernel: "${kernel}", busybox: "${busybox}" }`

describeWith(['qemu'], 'The consoles of a Linux in QEMU', function () {
  this.timeout(120_000)

  it('take a break for SysRq', async () => {
    const machine = `    machine: { driver: qemu, kernel: /dev/null }\n    boot: { payload: ${payload} }\n`
    const { error, events } = await bootBoard(machine, {
      async at(service, t) {
        await service.sendBreak(t, {})
        await service.write(t, 'h', {})
        await service.expect(t, { help: /sysrq: HELP : .{1,200}/ }, {})
      },
    })
    assert.equal(error, undefined, error?.message)
    assert.ok(events.some(({ type }) => type === 'console-break'))
  })
})
