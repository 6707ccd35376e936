import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  bareboxImage,
  debianArm64,
  debianArm64Cloud,
  secondBareboxImage,
} from '../../../scripts/setup/places.mjs'
import { buildPayload } from '../../../src/build/build-payload.ts'
import { moduleListPath } from '../../../src/build/initrd/root-init.ts'
import { describeWith } from '../../support/requirements.ts'
import { payloadRequest } from '../../unit/build/payload-request.ts'
import { bootBoard, bootTimeoutMs, type BootResult } from './boot-board.ts'
import { mbrDisk, rootFileSystem } from './disk-image.ts'

/** What is sent. */
const { kernel, busybox, modules, release } = debianArm64()
/** What the disk has. */
const own = debianArm64Cloud()

/** A shell on the console, again and again. */
const init = `#!/bin/sh
while true; do /bin/busybox setsid /bin/busybox cttyhack /bin/sh; done
`

const arguments_ = 'root=/dev/vda1 ro quiet'

const extlinux = `default stock
timeout 1
label stock
  kernel /boot/Image
  initrd /boot/initrd
  append ${arguments_}
`

const loaderEntry = `title stock
linux /boot/Image
initrd /boot/initrd
options ${arguments_}
`

/** As a distribution's initramfs does it, which knows nothing of a payload: root keeps its own modules. */
const stockInit = `#!/bin/busybox sh
export PATH=/bin
busybox mkdir -p /proc /sys /dev /newroot
busybox mount -t proc proc /proc
busybox mount -t sysfs sysfs /sys
busybox mount -t devtmpfs devtmpfs /dev
busybox modprobe -a $(busybox cat /${moduleListPath})
until [ -b /dev/vda1 ]; do busybox sleep 0.1; done
busybox mount -t ext4 -o ro /dev/vda1 /newroot
for each in proc sys dev; do busybox mount -o move /$each /newroot/$each; done
exec busybox switch_root /newroot /sbin/init
`

/** Debian's cloud kernel is built without it. */
const moduleOfPayload = 'ifb'
/** Both kernels have it, each its own. */
const moduleOfBoth = 'dummy'

describeWith(['qemu', 'mke2fs', 'cloud-kernel'], 'An untouched root file system', function () {
  this.timeout(bootTimeoutMs)
  let directory: string
  let disk: string
  let untouched: string

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'hil-root-'))
    const stock = join(directory, 'stock')
    mkdirSync(join(directory, 'over'))
    writeFileSync(join(directory, 'over/init'), stockInit, { mode: 0o755 })
    await buildPayload(
      payloadRequest(stock, {
        from: { kernel: own.kernel },
        init: { busybox },
        modulesFrom: own.modules,
        modules: 'board',
        files: join(directory, 'over'),
      }),
    )
    await buildPayload(
      payloadRequest(join(directory, 'payload'), {
        from: { kernel },
        init: { busybox },
        modulesFrom: modules,
        modules: 'board',
        extraModules: [moduleOfPayload, moduleOfBoth],
      }),
    )
    const ownModules = `lib/modules/${releaseOf(own)}`
    const ownModule = `kernel/drivers/net/${moduleOfBoth}.ko`
    disk = join(directory, 'disk.img')
    const image = rootFileSystem(
      directory,
      init,
      {
        'boot/Image': readFileSync(own.kernel),
        'boot/initrd': readFileSync(join(stock, 'initrd.cpio.gz')),
        'boot/extlinux/extlinux.conf': extlinux,
        'loader/entries/stock.conf': loaderEntry,
        [`usr/${ownModules}/modules.dep`]: `${ownModule}:\n`,
        [`usr/${ownModules}/${ownModule}`]: readFileSync(join(own.modules, ownModules, ownModule)),
      },
      '64M',
    )
    // U-Boot looks for a partition.
    writeFileSync(disk, mbrDisk(image, 0xdeadbeef))
    untouched = sha256(disk)
  })
  after(() => rmSync(directory, { recursive: true, force: true }))

  /** What the board writes goes to the image itself, so that nothing it did could be overlooked. */
  const board = (machine: string, bootloader: string, boot: string) =>
    `    machine: { ${machine}, drives: [{ path: "${disk}", snapshot: false }] }\n` +
    `    bootloader: ${bootloader}\n    boot: { ${boot} }\n`
  /** What the disk's loader entry names, for a bootloader that can't read the disk. */
  const stock = () =>
    `stock: { kernel: "${own.kernel}", initrd: "${join(directory, 'stock', 'initrd.cpio.gz')}", bootargs: "${arguments_}" }`

  interface Way {
    readonly name: string
    readonly needs: readonly string[]
    readonly machine: () => string
    /** The bootloader, and what else the board has. */
    readonly bootloader: string
    /** Its normal boot is that of a way before it. */
    readonly isNormalKnown?: true
    /** What `boot` says of it. */
    readonly boot: readonly string[]
    readonly seen: RegExp
  }

  const firmware = (path: string) => `driver: qemu, firmware: "${path}"`
  const uboot = '/usr/lib/u-boot/qemu_arm64/u-boot.bin'
  const late = /\[bootm override active\] replacement OS/
  const ways: readonly Way[] = [
    {
      name: "Debian's U-Boot",
      needs: [],
      machine: () => firmware(uboot),
      bootloader: 'uboot',
      boot: [],
      seen: /Starting kernel \.\.\./,
    },
    {
      name: 'barebox, by its late override',
      needs: ['barebox'],
      machine: () => firmware(bareboxImage()),
      bootloader: 'barebox',
      boot: ['source: virtioblk0.0'],
      seen: late,
    },
    {
      name: 'barebox, by devboot',
      needs: ['barebox'],
      machine: () => firmware(bareboxImage()),
      bootloader: 'barebox',
      isNormalKnown: true,
      boot: ['source: virtioblk0.0', 'devboot: true'],
      seen: /devboot virtioblk0\.0[^]*Sourcing \/\S*hil-devboot-arm64[^]*\[bootm override active\] replacement OS/,
    },
    {
      name: 'the simulated barebox, by its late override',
      needs: [],
      machine: () => `driver: simulator-qemu, ${stock()}`,
      bootloader: 'barebox',
      boot: ['source: virtioblk0'],
      seen: late,
    },
    {
      name: "a barebox that Debian's U-Boot starts, by its late override",
      needs: ['barebox-2nd'],
      machine: () => firmware(uboot),
      bootloader: 'barebox\n    first-bootloader: uboot',
      isNormalKnown: true,
      boot: ['source: virtioblk0.0', `chainload: "${secondBareboxImage()}"`],
      seen: /U-Boot [^]*Starting kernel \.\.\.[^]*barebox [^]*\[bootm override active\] replacement OS/,
    },
  ]

  for (const { name, needs, machine, bootloader, isNormalKnown, boot, seen } of ways) {
    describeWith(needs, `with ${name}`, () => {
      if (isNormalKnown !== true) {
        it('boots normally', async () => {
          const normal = await look(board(machine(), bootloader, boot.join(', ')))
          assert.equal(normal.error, undefined, normal.error?.message)
          assert.match(normal.osRelease, /NAME="untouched"/)
          assert.equal(normal.release, releaseOf(own))
          assert.doesNotMatch(normal.commandLine, /hil\.payload/)
          assert.notEqual(normal.statusOf[moduleOfPayload], 0, 'its kernel has no such module')
          assert.equal(normal.statusOf[moduleOfBoth], 0, 'a module of its own')
          assert.equal(normal.proofs[0]?.result, 'not-needed')
        })
      }

      it('is mounted by the kernel of a payload, with its modules, and stays as it was', async () => {
        const payload = `payload: { directory: "${join(directory, 'payload')}" }`
        const netbooted = await look(board(machine(), bootloader, [...boot, payload].join(', ')))
        assert.equal(netbooted.error, undefined, netbooted.error?.message)
        assert.match(netbooted.osRelease, /NAME="untouched"/)
        assert.notEqual(releaseOf({ release }), releaseOf(own))
        assert.equal(netbooted.release, releaseOf({ release }))
        assert.equal(netbooted.modules, netbooted.release)
        assert.match(netbooted.commandLine, /root=\/dev\/vda1 .*hil\.payload=/)
        assert.equal(netbooted.statusOf[moduleOfPayload], 0, 'a module that only the payload has')
        assert.equal(netbooted.statusOf[moduleOfBoth], 0)
        assert.equal(netbooted.proofs[0]?.result, 'proven')
        assert.ok(netbooted.proofs[0].links.every(({ status }) => status === 'proven'))
        assert.match(netbooted.console, seen)
        assert.equal(sha256(disk), untouched)
      })
    })
  }
})

interface Seen extends BootResult {
  readonly osRelease: string
  /** Of the kernel that runs. */
  readonly release: string
  /** What `/lib/modules` holds. */
  readonly modules: string
  readonly commandLine: string
  /** Of loading a module afresh. */
  readonly statusOf: Readonly<Record<string, number>>
}

async function look(yaml: string): Promise<Seen> {
  const nothing = { osRelease: '', release: '', modules: '', commandLine: '' }
  const answers = { ...nothing, statusOf: {} as Record<string, number> }
  const result = await bootBoard(yaml, {
    at: async (service, t) => {
      const stdout = async (command: string) =>
        (await service.runInShell(t, command, {})).stdout.replace(/\n$/, '')
      answers.osRelease = await stdout('cat /etc/os-release')
      answers.release = await stdout('uname -r')
      answers.modules = await stdout('ls /lib/modules')
      answers.commandLine = await stdout('cat /proc/cmdline')
      for (const name of [moduleOfPayload, moduleOfBoth]) {
        const command = `rmmod ${name}; modprobe ${name}`
        answers.statusOf[name] = (await service.runInShell(t, command, {})).exitCode
      }
    },
  })
  return { ...result, ...answers }
}

function releaseOf({ release }: { readonly release: string }): string {
  return readFileSync(release, 'utf8').trim()
}

function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}
