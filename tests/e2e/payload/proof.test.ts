import assert from 'node:assert/strict'
import { bareboxImage, debianArm64 } from '../../../scripts/setup/places.mjs'
import { UndoStack } from '../../../src/core/undo-stack.ts'
import { openDirectoryServer } from '../../../src/lab/directory-server.ts'
import { describeWith } from '../../support/requirements.ts'
import { writeFiles } from '../../support/environment-files.ts'
import { bootBoard, bootTimeoutMs, type BootResult } from './boot-board.ts'
import { deadKernel } from './dead-kernel.ts'
import { startDyingServer } from './dying-server.ts'
import { overwriteServed } from './overwrite-served.ts'

const { kernel, busybox } = debianArm64()
const ubootImage = '/usr/lib/u-boot/qemu_arm64/u-boot.bin'

const payload = `    boot: { payload: { kernel: "${kernel}", busybox: "${busybox}" } }\n`
const uboot = `    machine: { driver: qemu, firmware: "${ubootImage}" }\n    bootloader: uboot\n${payload}`
const barebox = `    machine: { driver: qemu, firmware: "${bareboxImage()}" }\n    bootloader: barebox\n`

function statuses({ proofs }: BootResult): readonly string[] {
  return (proofs.at(-1)?.links ?? []).map(({ link, file = '', status }) => `${link} ${file} ${status}`)
}

describeWith(['qemu'], "The proof of a boot by Debian's U-Boot", function () {
  this.timeout(bootTimeoutMs)

  it('is whole in userspace, of the files, the hand-over, the banner, the nonce and the build-id', async () => {
    const result = await bootBoard(uboot)
    assert.equal(result.error, undefined)
    assert.equal(result.proofs.length, 1)
    assert.equal(result.proofs[0]?.stage, 'userspace')
    assert.equal(result.proofs[0]?.result, 'proven')
    assert.deepEqual(statuses(result), [
      ...['published Image proven', 'fetched Image proven'],
      ...['published initrd.cpio.gz proven', 'fetched initrd.cpio.gz proven'],
      ...['boot-command  proven', 'handed-over  proven', 'banner  proven', 'command-line  proven'],
      ...['version  proven', 'nonce  proven', 'build-id  proven'],
    ])
  })

  it('is no proof of a second boot, which has a nonce of its own', async () => {
    const { proofs, error } = await bootBoard(uboot, {
      at: async (service, t) => {
        await service.goto(t, 'bootloader')
        await service.goto(t, 'shell')
      },
    })
    assert.equal(error, undefined)
    const nonces = proofs.map(({ seen }) => /hil\.payload=(\S+)/.exec(seen.commandLine ?? '')?.[1])
    assert.equal(nonces.length, 2)
    assert.notEqual(nonces[0], nonces[1])
    assert.equal(nonces[0]?.slice(0, 12), nonces[1]?.slice(0, 12))
  })

  it('stops at a file that was swapped between its publication and the fetch', async () => {
    const { error, proofs } = await bootBoard(uboot, {
      cheat: { published: (files) => overwriteServed(files, 'Image') },
    })
    assert.equal(error?.code, 'boot.fetch-failed')
    assert.equal(error.blame, 'infrastructure')
    assert.match(error.message, /brought other bytes: CRC/)
    assert.deepEqual(proofs, [])
  })

  it('tells two builds with the same release and banner apart by their build-id', async () => {
    const { error, proofs } = await bootBoard(uboot, {
      cheat: {
        expect: ({ nonce, kernel: facts }) => ({
          nonce,
          kernel: facts && { ...facts, buildId: 'ab'.repeat(20) },
        }),
      },
    })
    assert.equal(error?.code, 'proof.build-id')
    assert.equal(error.blame, 'infrastructure')
    assert.equal(proofs.at(-1)?.result, 'broken')
  })

  it('fails where another kernel talks, although its test has passed', async () => {
    const { error } = await bootBoard(uboot, {
      state: 'linux',
      cheat: {
        expect: ({ nonce, kernel: facts }) => ({
          nonce,
          kernel: facts && { ...facts, banner: 'Linux version 0' },
        }),
      },
      at: async (service, t) => {
        await service.expect(t, { later: 'Freeing unused kernel memory' }, {})
      },
    })
    assert.equal(error?.code, 'proof.banner')
  })

  it('leaves a kernel that dies before its first line to the board, once its hand-over is proven', async () => {
    await using files = await writeFiles({ Image: deadKernel() })
    const yaml = uboot.replace(kernel, files.path('Image'))
    const { error, proofs } = await bootBoard(`${yaml}    timeouts: { states: { shell: 3s } }\n`)
    assert.equal(error?.code, 'board.no-output', error?.message)
    assert.equal(error.blame, 'board')
    assert.equal(proofs.at(-1)?.stage, 'handed-over')
    assert.equal(proofs.at(-1)?.result, 'proven')
  })

  it('leaves a kernel that panics to the board, as the payload was proven to be what panicked', async () => {
    const { error, proofs } = await bootBoard(
      uboot.replace('    boot: {', "    boot: { bootargs: 'rdinit=/nowhere panic=-1', "),
    )
    assert.equal(error?.blame, 'board', error?.message)
    assert.equal(proofs.at(-1)?.stage, 'kernel')
    assert.equal(proofs.at(-1)?.result, 'proven')
  })
})

describeWith(['qemu'], 'A boot that ends in the initramfs', function () {
  this.timeout(bootTimeoutMs)

  it('is a failure of the board, though a shell is left there', async () => {
    const { error, proofs } = await bootBoard(
      uboot.replace('    boot: {', "    boot: { bootargs: 'root=/dev/vdb rootwait=1', "),
    )
    assert.equal(error?.code, 'kernel.dead', error?.message)
    assert.equal(error.blame, 'board')
    assert.match(error.message, /hil's init: root=\/dev\/vdb did not appear within 1 s/)
    assert.equal(proofs.at(-1)?.stage, 'kernel')
    assert.equal(proofs.at(-1)?.result, 'proven')
  })
})

describeWith(['qemu'], 'A console that is cut after a payload was handed over', function () {
  this.timeout(bootTimeoutMs)

  for (const name of ['disconnect', 'silent']) {
    it(`is a matter of the ${name === 'silent' ? 'board, where it only falls silent' : 'bench'}`, async () => {
      const machine = `    machine: { driver: simulator-qemu, faults: [{ name: ${name}, at: kernel }] }\n    bootloader: barebox\n`
      const short = '    timeouts: { states: { shell: 8s } }\n'
      const { error, proofs } = await bootBoard(machine + payload + short)
      assert.equal(error?.blame, name === 'silent' ? 'board' : 'infrastructure', error?.message)
      assert.equal(proofs.at(-1)?.stage, 'kernel')
      assert.equal(proofs.at(-1)?.result, 'proven')
    })
  }
})

describeWith(['barebox'], 'The proof of a boot by barebox', function () {
  this.timeout(bootTimeoutMs)
  const embedded = '    network: { tftp: { embedded: true } }\n'

  it("is whole by the log of hil's own server", async () => {
    const result = await bootBoard(barebox + payload + embedded)
    assert.equal(result.error, undefined)
    assert.equal(result.proofs[0]?.result, 'proven')
    const fetched = result.proofs[0].links.find(({ link }) => link === 'fetched')
    assert.match(fetched?.evidence ?? '', /^the server's log, \d+ bytes$/)
  })

  it('is whole by checksums in memory, where the server tells nothing', async () => {
    const { error, proofs } = await bootBoard(barebox + payload)
    assert.equal(error, undefined)
    assert.equal(proofs[0]?.result, 'proven')
    assert.match(proofs[0].weakest ?? '', /CRC32/)
  })

  it('stops at a file that was swapped on a server that tells nothing', async () => {
    const { error } = await bootBoard(barebox + payload, {
      cheat: { published: (files) => overwriteServed(files, 'Image') },
    })
    assert.equal(error?.code, 'boot.fetch-failed')
    assert.match(error.message, /fetched other bytes than were published as "Image"/)
  })

  it('blames the network for a server that dies in the middle of a file', async () => {
    await using files = await writeFiles({})
    await using server = await startDyingServer(files.directory)
    const staging = { directory: files.directory, address: { host: '10.0.2.2', port: server.port } }
    const { error, proofs } = await bootBoard(barebox + payload, {
      cheat: { files: openDirectoryServer('one', staging, new UndoStack()) },
    })
    assert.equal(error?.code, 'boot.fetch-failed', error?.message)
    assert.equal(error.blame, 'infrastructure')
    assert.deepEqual(proofs, [])
  })

  it('stops where the boot entry is a script that boots by itself, with the override lost', async () => {
    const yaml = barebox + payload + embedded
    const { error } = await bootBoard(yaml.replace('boot: {', 'boot: { source: /env/boot/own,'), {
      state: 'bootloader',
      at: async (service, t) => {
        // The entry boots a kernel of its own: here it is fetched too, but by another way.
        await service.runInBootloader(t, 'mkdir -p /env/boot', {})
        await service.runInBootloader(
          t,
          String.raw`echo -o /env/boot/own -e "#!/bin/sh\nbootm /mnt/hil/one/Image"`,
          {},
        )
        await service.goto(t, 'linux')
      },
    })
    assert.equal(error?.code, 'boot.override-lost', error?.message)
    assert.equal(error.blame, 'infrastructure')
  })
})
