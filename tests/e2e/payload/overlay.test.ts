import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bareboxImage, debianArm64 } from '../../../scripts/setup/places.mjs'
import { describeWith } from '../../support/requirements.ts'
import { runTool } from '../../unit/codecs/oracle.ts'
import { bootBoard, bootTimeoutMs } from './boot-board.ts'

const { kernel, busybox } = debianArm64()
const uboot = '/usr/lib/u-boot/qemu_arm64/u-boot.bin'

const overlay = `/dts-v1/;
/plugin/;
&{/} { hil-overlay { note = "applied"; }; };
`

describeWith(['qemu'], 'An overlay, as text, for a device tree of the payload', function () {
  this.timeout(bootTimeoutMs)
  let directory: string

  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'hil-overlay-'))
    writeFileSync(join(directory, 'note.dts'), overlay)
    const machine = `virt,highmem=off,dumpdtb=${join(directory, 'virt.dtb')}`
    // With a firmware the machine is another one than without.
    const board = ['-bios', uboot, '-cpu', 'cortex-a57', '-m', '1024', '-nic', 'none', '-display', 'none']
    runTool('qemu-system-aarch64', ['-M', machine, ...board])
  })
  after(() => {
    rmSync(directory, { recursive: true, force: true })
  })

  for (const { name, needs, firmware, driver } of [
    { name: "Debian's U-Boot", needs: [], firmware: uboot, driver: 'uboot' },
    { name: 'barebox, in a FIT', needs: ['barebox'], firmware: bareboxImage(), driver: 'barebox' },
  ] as const) {
    describeWith(needs, `with ${name}`, () => {
      it('is in the device tree that Linux has', async () => {
        let note = ''
        const files = `device-tree: "${join(directory, 'virt.dtb')}", overlay: "${join(directory, 'note.dts')}"`
        const { error, proofs } = await bootBoard(
          `    machine: { driver: qemu, firmware: "${firmware}" }\n    bootloader: ${driver}\n` +
            `    boot: { payload: { kernel: "${kernel}", busybox: "${busybox}", ${files} } }\n`,
          {
            at: async (service, t) => {
              const command = 'cat /proc/device-tree/hil-overlay/note'
              note = (await service.runInShell(t, command, {})).stdout
            },
          },
        )
        assert.equal(error, undefined, error?.message)
        assert.equal(note, 'applied\0')
        assert.equal(proofs[0]?.result, 'proven')
      })
    })
  }
})
