import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bareboxImage, debianArm64, kernelTree, linuxSource } from '../../scripts/setup/places.mjs'
import { bootBoard, bootTimeoutMs } from '../e2e/payload/boot-board.ts'
import { describeWith, itWith } from '../support/requirements.ts'
import { buildKernel, configureSmallKernel } from '../support/small-kernel.ts'

const { busybox, kernel } = debianArm64()

/** A tree of the user's is booted as it is; ours is built where it is not there yet. */
const { directory: tree, isOurs } = kernelTree()

describeWith(['qemu', ...(isOurs ? ['linux-source'] : [])], 'A kernel tree that make has built', function () {
  this.timeout(bootTimeoutMs)

  before(async function () {
    if (!isOurs) return
    this.timeout(3600_000)
    await configureSmallKernel(linuxSource(), tree, ['modules'])
    await buildKernel(linuxSource(), tree)
  })

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
      const release = readFileSync(join(tree, 'include/config/kernel.release'), 'utf8').trim()
      const payload = `payload: { kernel-tree: "${tree}", busybox: "${busybox}" }`
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
      const order = readFileSync(join(tree, 'modules.order'), 'utf8')
      assert.equal(Number(seen.modules), order.trim().split('\n').length)
      assert.equal(proofs[0]?.result, 'proven')
    })
  }
})
