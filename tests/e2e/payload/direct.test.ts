import assert from 'node:assert/strict'
import { debianArm64 } from '../../../scripts/setup/places.mjs'
import { describeWith } from '../../support/requirements.ts'
import { bootBoard, bootTimeoutMs } from './boot-board.ts'

const { kernel, busybox } = debianArm64()

describeWith(['qemu'], 'A payload without a bootloader', function () {
  this.timeout(bootTimeoutMs)

  it('is started by QEMU in place of the kernel it would load, and proven', async () => {
    const machine = `    machine: { driver: qemu, kernel: /dev/null, append: 'from=environment' }\n`
    const boot = `    boot: { bootargs: 'and=more', payload: { kernel: "${kernel}", busybox: "${busybox}" } }\n`
    const { error, proofs } = await bootBoard(machine + boot)
    assert.equal(error, undefined, error?.message)
    const [proof] = proofs
    assert.equal(proof?.result, 'proven')
    assert.equal(proof.stage, 'userspace')
    assert.match(
      proof.seen.commandLine ?? '',
      /^from=environment and=more loglevel=7 hil\.payload=[0-9a-f]{12}-[0-9a-f]{8}$/,
    )
    assert.match(proof.weakest ?? '', /emulator/)
  })

  it('is refused before power is switched where nothing could start it', async () => {
    const boot = `    boot: { payload: { kernel: "${kernel}", busybox: "${busybox}" } }\n`
    const { error, events } = await bootBoard(`    machine: simulator\n${boot}`)
    assert.equal(error?.code, 'payload.no-bootloader')
    assert.equal(error.blame, 'environment')
    assert.ok(!events.some((event) => event.type === 'power' && event.action === 'on'))
  })
})
