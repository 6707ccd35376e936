import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bareboxImage, debianArm64 } from '../../../scripts/setup/places.mjs'
import { buildPayload } from '../../../src/build/build-payload.ts'
import { describeWith } from '../../support/requirements.ts'
import { payloadRequest } from '../../unit/build/payload-request.ts'
import { bootBoard, type BootResult } from './boot-board.ts'
import { mbrDisk, rootFileSystem } from './disk-image.ts'

const { kernel, busybox, modules, release } = debianArm64()

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

const payload = `payload: { kernel: "${kernel}", busybox: "${busybox}", modules-from: "${modules}", modules: board, module: dummy }`

describeWith(['qemu', 'mke2fs'], 'An untouched root file system', function () {
  this.timeout(180_000)
  let directory: string
  let disk: string
  let untouched: string

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'hil-root-'))
    const stock = join(directory, 'stock')
    await buildPayload(
      payloadRequest(stock, { from: { kernel }, init: { busybox }, modulesFrom: modules, modules: 'board' }),
    )
    disk = join(directory, 'disk.img')
    const image = rootFileSystem(
      directory,
      init,
      {
        'boot/Image': readFileSync(kernel),
        'boot/initrd': readFileSync(join(stock, 'initrd.cpio.gz')),
        'boot/extlinux/extlinux.conf': extlinux,
        'loader/entries/stock.conf': loaderEntry,
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
    `stock: { kernel: "${kernel}", initrd: "${join(directory, 'stock', 'initrd.cpio.gz')}", bootargs: "${arguments_}" }`

  const bootloaders = [
    {
      name: "Debian's U-Boot",
      needs: [],
      machine: () => 'driver: qemu, firmware: "/usr/lib/u-boot/qemu_arm64/u-boot.bin"',
      driver: 'uboot',
      source: '',
    },
    {
      name: 'barebox, by its late override',
      needs: ['barebox'],
      machine: () => `driver: qemu, firmware: "${bareboxImage()}"`,
      driver: 'barebox',
      source: 'source: virtioblk0.0',
    },
    {
      name: 'the simulated barebox, by its late override',
      needs: [],
      machine: () => `driver: simulator-qemu, ${stock()}`,
      driver: 'barebox',
      source: 'source: virtioblk0',
    },
  ] as const

  for (const { name, needs, machine, driver, source } of bootloaders) {
    describeWith(needs, `with ${name}`, () => {
      it('boots normally', async () => {
        const seen = await look(board(machine(), driver, source))
        assert.equal(seen.error, undefined, seen.error?.message)
        assert.match(seen.osRelease, /NAME="untouched"/)
        assert.doesNotMatch(seen.commandLine, /hil\.payload/)
        assert.notEqual(seen.dummy, 0)
        assert.equal(seen.proofs[0]?.result, 'not-needed')
      })

      it('is mounted by the kernel of a payload, with its modules, and stays as it was', async () => {
        // barebox keeps the command line of the entry; U-Boot gets a whole one.
        const bootargs = driver === 'uboot' ? `bootargs: '${arguments_.replace(' quiet', '')}', ` : ''
        const seen = await look(
          board(machine(), driver, [source, bootargs + payload].filter(Boolean).join(', ')),
        )
        assert.equal(seen.error, undefined, seen.error?.message)
        assert.match(seen.osRelease, /NAME="untouched"/)
        assert.equal(seen.modules.trim(), readFileSync(release, 'utf8').trim())
        assert.match(seen.commandLine, /root=\/dev\/vda1 .*hil\.payload=/)
        assert.equal(seen.dummy, 0, 'a module that only the payload has')
        assert.equal(seen.proofs[0]?.result, 'proven')
        assert.ok(seen.proofs[0].links.every(({ status }) => status === 'proven'))
        if (driver === 'barebox') assert.match(seen.console, /\[bootm override active\] replacement OS/)
        assert.equal(sha256(disk), untouched)
      })
    })
  }
})

interface Seen extends BootResult {
  readonly osRelease: string
  readonly modules: string
  readonly commandLine: string
  /** The status of `modprobe dummy`. */
  readonly dummy: number
}

async function look(yaml: string): Promise<Seen> {
  let answers = { osRelease: '', modules: '', commandLine: '', dummy: -1 }
  const result = await bootBoard(yaml, {
    at: async (service, t) => {
      const stdout = async (command: string) => (await service.runInShell(t, command, {})).stdout
      answers = {
        osRelease: await stdout('cat /etc/os-release'),
        modules: await stdout('ls /lib/modules'),
        commandLine: await stdout('cat /proc/cmdline'),
        dummy: (await service.runInShell(t, 'modprobe dummy', {})).exitCode,
      }
    },
  })
  return { ...result, ...answers }
}

function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}
