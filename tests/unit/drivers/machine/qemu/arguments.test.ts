import assert from 'node:assert/strict'
import { qemuArguments } from '../../../../../src/drivers/machine/qemu/arguments.ts'
import { qemuSchema } from '../../../../../src/drivers/machine/qemu/options.ts'

describe('QEMU’s arguments', () => {
  const make = (options: object, tftpDirectory?: string) => {
    const parsed = qemuSchema.parse({ firmware: '/fw.bin', ...options })
    return qemuArguments(parsed, { drives: parsed.drives, tftpDirectory }).join(' ')
  }

  it('never let a reset or a power-off of the guest end the process', () => {
    assert.doesNotMatch(make({}), /-no-reboot/)
    assert.match(make({}), /-no-shutdown/)
  })

  it('hand a kernel to QEMU for boards that boot directly', () => {
    const direct = {
      firmware: undefined,
      kernel: '/Image',
      initrd: '/initrd',
      append: 'console=ttyAMA0 quiet',
      dtb: '/b.dtb',
    }
    assert.match(
      make(direct),
      / -kernel \/Image -initrd \/initrd -append console=ttyAMA0 quiet -dtb \/b\.dtb/,
    )
    assert.doesNotMatch(make(direct), /-bios/)
  })

  it('double the commas of paths, as QEMU wants', () => {
    const drives = [{ path: '/a,b.img', interface: 'sd' }]
    assert.match(make({ drives }), /-drive if=sd,id=hil-drive0,format=raw,file=\/a,,b\.img/)
    assert.match(make({}, '/tmp/x,y'), /-netdev user,id=hil-net,restrict=off,tftp=\/tmp\/x,,y/)
  })

  it('connect the UART that was asked for', () => {
    assert.match(make({ uart: 1 }), /-serial null .*-serial chardev:hil-uart/)
  })

  it('take the network device of the machine, another one, or none', () => {
    assert.match(make({ network: { device: 'onboard' } }), /-net nic,netdev=hil-net/)
    assert.match(make({ network: { device: 'e1000' } }), /-device e1000,netdev=hil-net/)
    assert.doesNotMatch(make({ network: false }), /net/)
  })

  it('end with what the environment adds', () => {
    assert.match(make({ arguments: ['-device', 'virtio-rng-device'] }), / -device virtio-rng-device$/)
  })
})
