import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { debianArm64 } from '../../../scripts/setup/places.mjs'
import { buildPayload } from '../../../src/build/build-payload.ts'
import { packCpio } from '../../../src/codecs/cpio/index.ts'
import { describeWith } from '../../support/requirements.ts'
import { payloadRequest } from '../../unit/build/payload-request.ts'
import { runTool } from '../../unit/codecs/oracle.ts'
import { bootBoard, bootTimeoutMs, type BootResult } from './boot-board.ts'
import { mbrDisk, rootFileSystem } from './disk-image.ts'

const { kernel, busybox, modules } = debianArm64()

const init = `#!/bin/sh
while true; do /bin/busybox setsid /bin/busybox cttyhack /bin/sh; done
`

const extlinux = `default stock
label stock
  kernel /boot/Image
  initrd /boot/initrd
  append root=/dev/vda1 ro quiet
`

describeWith(
  ['qemu', 'mke2fs', 'mkimage'],
  "A payload in Debian's U-Boot, with the rest of a normal boot",
  function () {
    this.timeout(bootTimeoutMs)
    let directory: string
    let initrd: string

    before(async () => {
      directory = mkdtempSync(join(tmpdir(), 'hil-stock-'))
      await buildPayload(
        payloadRequest(join(directory, 'stock'), {
          from: { kernel },
          init: { busybox },
          modulesFrom: modules,
          modules: 'board',
        }),
      )
      initrd = join(directory, 'stock', 'initrd.cpio.gz')
    })
    after(() => rmSync(directory, { recursive: true, force: true }))

    function disk(name: string, files: Readonly<Record<string, string | Uint8Array>>): string {
      const path = join(directory, `${name}.img`)
      writeFileSync(path, mbrDisk(rootFileSystem(join(directory, name), init, files, '64M'), 0xdeadbeef))
      return path
    }

    const boot = async (image: string, payload: string) => {
      let commandLine = ''
      let files = ''
      const result = await bootBoard(
        `    machine: { driver: qemu, firmware: "/usr/lib/u-boot/qemu_arm64/u-boot.bin", drives: [{ path: "${image}" }] }\n` +
          `    bootloader: uboot\n    boot: { payload: ${payload} }\n`,
        {
          at: async (service, t) => {
            commandLine = (await service.runInShell(t, 'cat /proc/cmdline', {})).stdout
            files = (await service.runInShell(t, 'ls /; cat /etc/os-release', {})).stdout
          },
        },
      )
      return { ...result, commandLine, files, notes: notesOf(result) }
    }

    it('keeps command line and initrd of extlinux.conf where only the kernel is replaced', async () => {
      const image = disk('kernel', {
        'boot/initrd': readFileSync(initrd),
        'boot/extlinux/extlinux.conf': extlinux,
      })
      const seen = await boot(image, `{ kernel: "${kernel}" }`)
      assert.equal(seen.error, undefined, seen.error?.message)
      assert.match(seen.commandLine, /^root=\/dev\/vda1 ro quiet loglevel=7 hil\.payload=/)
      assert.match(seen.files, /NAME="untouched"/)
      assert.match(
        seen.notes,
        /booted as label stock of \/boot\/extlinux\/extlinux\.conf on virtio 0:1 says: root=/,
      )
      assert.equal(seen.proofs[0]?.result, 'proven')
    })

    it('appends to the initrd of extlinux.conf, and boots its kernel', async () => {
      const image = disk('initrd', {
        'boot/Image': readFileSync(kernel),
        'boot/initrd': readFileSync(initrd),
        'boot/extlinux/extlinux.conf': extlinux.replace('root=/dev/vda1', 'rdinit=/appended'),
      })
      const more = join(directory, 'more.cpio')
      const script = `#!/bin/busybox sh
busybox=/bin/busybox
$busybox mkdir -p /proc /sys /dev
$busybox mount -t sysfs sysfs /sys
$busybox mount -t proc proc /proc
$busybox mount -t devtmpfs devtmpfs /dev
while true; do $busybox setsid $busybox cttyhack $busybox sh; done
`
      writeFileSync(
        more,
        await packCpio([{ type: 'file', path: 'appended', permissions: 0o755, data: Buffer.from(script) }]),
      )
      const seen = await boot(image, `{ initrd: { append: "${more}" } }`)
      assert.equal(seen.error, undefined, seen.error?.message)
      assert.match(seen.commandLine, /rdinit=\/appended/)
    })

    it('takes the command line that a boot script sets', async () => {
      const source = join(directory, 'boot.txt')
      writeFileSync(source, 'setenv bootargs root=/dev/vda${distro_bootpart} ro\nbooti ${kernel_addr_r}\n')
      runTool('mkimage', ['-A', 'arm64', '-T', 'script', '-d', source, join(directory, 'boot.scr')])
      const image = disk('script', { 'boot/boot.scr': readFileSync(join(directory, 'boot.scr')) })
      const payload = `{ kernel: "${kernel}", busybox: "${busybox}", modules-from: "${modules}", modules: board }`
      const seen = await boot(image, payload)
      assert.equal(seen.error, undefined, seen.error?.message)
      assert.match(seen.commandLine, /^root=\/dev\/vda1 ro loglevel=7/)
      assert.match(seen.notes, /booted as the boot script \/boot\/boot\.scr on virtio 0:1 says/)
    })

    it('is refused where it leaves the kernel to a normal boot that nothing tells', async () => {
      const seen = await boot(disk('nothing', {}), `{ initrd: "${initrd}" }`)
      assert.equal(seen.error?.code, 'boot.unsupported')
      assert.match(seen.error.message, /a kernel that hil does not know \(U-Boot has no entry/)
      assert.match(
        seen.notes,
        /neither an extlinux\.conf nor a boot script nor a loader entry of use on virtio 0:1/,
      )
    })
  },
)

function notesOf({ events }: BootResult): string {
  return events.flatMap((event) => (event.type === 'note' ? [event.message] : [])).join('\n')
}
