import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { debianArm64 } from '../../../scripts/setup/places.mjs'
import { buildPayload, type BuiltPayload } from '../../../src/build/build-payload.ts'
import { rootInitPrefix } from '../../../src/build/initrd/root-init.ts'
import { artifactsOf } from '../../../src/payload/index.ts'
import { describeWith } from '../../support/requirements.ts'
import { payloadRequest } from '../../unit/build/payload-request.ts'
import { gptDisk, mbrDisk, rootFileSystem } from './disk-image.ts'

/** What the untouched root file system runs: it tells what it sees, and uses a module of the payload. */
const init = `#!/bin/sh
echo "ROOT $(uname -r)"
cat /etc/os-release
echo "RELEASES $(ls /lib/modules)"
rmmod dummy && modprobe dummy numdummies=3 && echo "MODULE $(cat /sys/module/dummy/initstate)"
grep ' / ' /proc/mounts
poweroff -f
`

const gptGuid = Buffer.from('ddccbbaa110033224455667788990011', 'hex')

describeWith(['qemu', 'mke2fs'], "hil's own initramfs", function () {
  this.timeout(120_000)
  let directory: string
  let built: BuiltPayload
  let partition: Buffer

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'hil-payload-'))
    const { kernel, busybox, modules } = debianArm64()
    built = await buildPayload(
      payloadRequest(join(directory, 'payload'), {
        from: { kernel },
        init: { busybox },
        modulesFrom: modules,
        modules: 'board',
        extraModules: ['dummy'],
      }),
    )
    const ownModules =
      'kernel/fs/ext4/ext4.ko:\nupdates/dkms/own-driver.ko.xz: kernel/x.ko\nextra/dummy.ko:\n'
    partition = rootFileSystem(directory, init, { 'usr/lib/modules/0.0-own/modules.dep': ownModules })
  })
  after(() => rmSync(directory, { recursive: true, force: true }))

  const disks: [root: string, disk: () => Buffer][] = [
    ['/dev/vda', () => partition],
    ['LABEL=hil-root', () => partition],
    ['PARTUUID=deadbeef-01', () => mbrDisk(partition, 0xdeadbeef)],
    ['PARTUUID=AABBCCDD-0011-2233-4455-667788990011', () => gptDisk(partition, gptGuid, 'rootfs')],
    ['PARTLABEL=rootfs', () => gptDisk(partition, gptGuid, 'rootfs')],
  ]
  for (const [root, disk] of disks) {
    it(`mounts root=${root} with the payload's modules and leaves the disk as it was`, async () => {
      const image = join(directory, 'disk.img')
      writeFileSync(image, disk())
      const before = sha256(image)
      const console = await boot(built, image, `root=${root} quiet`, 'Power down')
      const { release = '' } = built.payload.kernel
      assert.match(console, new RegExp(`^ROOT ${release}\\r?$`, 'm'))
      assert.match(console, /^NAME="untouched"/m)
      assert.match(console, new RegExp(`^RELEASES ${release}\\r?$`, 'm'))
      assert.match(console, /^MODULE live/m)
      assert.match(console, / \/ ext4 ro/)
      assert.deepEqual(console.match(/hide \S+ of the root file system/g), [
        'hide updates/dkms/own-driver.ko.xz of the root file system',
      ])
      assert.equal(sha256(image), before)
    })
  }

  it('says on the console which root did not appear, and what there is, and leaves a shell', async () => {
    const image = join(directory, 'disk.img')
    writeFileSync(image, partition)
    const console = await boot(built, image, 'root=/dev/vdb rootwait=1', '/ # ')
    assert.match(
      console,
      new RegExp(`${rootInitPrefix} error: root=/dev/vdb did not appear within 1 s; block devices: .*vda`),
    )
  })

  it('leaves a shell when there is no root= in the command line', async () => {
    const image = join(directory, 'disk.img')
    writeFileSync(image, partition)
    const console = await boot(built, image, '', '/ # ')
    assert.match(console, new RegExp(`${rootInitPrefix} no root= in the command line`))
  })
})

function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}

/** What comes on the console until `end`. */
async function boot({ payload, directory }: BuiltPayload, disk: string, bootargs: string, end: string) {
  const [kernel = '', initrd = ''] = artifactsOf(payload).map(({ name }) => join(directory, name))
  const qemu = spawn(
    'qemu-system-aarch64',
    [
      ...['-M', 'virt', '-cpu', 'cortex-a57', '-m', '512', '-nographic', '-no-reboot', '-nic', 'none'],
      ...['-drive', `if=none,format=raw,id=disk,file=${disk}`, '-device', 'virtio-blk-device,drive=disk'],
      ...['-kernel', kernel, '-initrd', initrd, '-append', `console=ttyAMA0 ${bootargs}`],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const ended = new Promise((resolve) => qemu.once('close', resolve))
  let console = ''
  for await (const chunk of qemu.stdout as AsyncIterable<Buffer>) {
    console += chunk.toString('latin1')
    if (console.includes(end)) break
  }
  qemu.kill('SIGKILL')
  await ended
  return console
}
