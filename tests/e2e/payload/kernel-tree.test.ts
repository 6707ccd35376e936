import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bareboxImage, debianArm64, kernelTree } from '../../../scripts/setup/places.mjs'
import { describeWith, itWith } from '../../support/requirements.ts'
import { bootBoard, bootTimeoutMs } from './boot-board.ts'

const { busybox, kernel } = debianArm64()

describeWith(['qemu', 'kernel-tree'], 'A kernel tree that make has built', function () {
  this.timeout(bootTimeoutMs)

  const ways = [
    {
      name: 'U-Boot',
      needs: [],
      machine: 'driver: qemu, firmware: "/usr/lib/u-boot/qemu_arm64/u-boot.bin"',
      rest: 'bootloader: uboot\n    boot: {',
    },
    {
      name: 'barebox',
      needs: ['barebox'],
      machine: `driver: qemu, firmware: "${bareboxImage()}"`,
      rest: 'bootloader: barebox\n    boot: {',
    },
    {
      name: 'the simulated barebox',
      needs: [],
      machine: `driver: simulator-qemu, stock: { kernel: "${kernel}" }`,
      rest: 'bootloader: barebox\n    boot: { source: virtioblk0,',
    },
  ] as const

  for (const { name, needs, machine, rest } of ways) {
    itWith(needs, `is booted by ${name}, with all its modules`, async () => {
      const release = readFileSync(join(kernelTree(), 'include/config/kernel.release'), 'utf8').trim()
      const payload = `payload: { kernel-tree: "${kernelTree()}", busybox: "${busybox}" }`
      let seen = { release: '', modules: '' }
      const { error, proofs } = await bootBoard(`    machine: { ${machine} }\n    ${rest} ${payload} }\n`, {
        at: async (service, t) => {
          const stdout = async (command: string) => (await service.runInShell(t, command, {})).stdout.trim()
          seen = {
            release: await stdout('uname -r'),
            modules: await stdout('find "/lib/modules/$(uname -r)" -name "*.ko" | wc -l'),
          }
        },
      })
      assert.equal(error, undefined, error?.message)
      assert.equal(seen.release, release)
      const order = readFileSync(join(kernelTree(), 'modules.order'), 'utf8')
      assert.equal(Number(seen.modules), order.trim().split('\n').length)
      assert.equal(proofs[0]?.result, 'proven')
    })
  }
})
