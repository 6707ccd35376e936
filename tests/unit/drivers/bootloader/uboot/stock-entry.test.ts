import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BootObservation, BootPlan } from '../../../../../src/board/boot-plan.ts'
import type { Bootloader } from '../../../../../src/board/bootloader.ts'
import { startDeadline } from '../../../../../src/core/deadline.ts'
import { ubootBootloader } from '../../../../../src/drivers/bootloader/uboot.ts'
import {
  findStockEntry,
  type NoStockEntry,
} from '../../../../../src/drivers/bootloader/uboot/stock/find-stock-entry.ts'
import type { StockEntry } from '../../../../../src/drivers/bootloader/uboot/stock/stock-entry.ts'
import { readStockBoot } from '../../../../../src/drivers/bootloader/uboot/stock/stock-boot.ts'
import { qemuMachine } from '../../../../../src/drivers/machine/qemu.ts'
import { openConsoleBench } from '../../../../support/console-bench.ts'
import { createTestContext, type TestContext } from '../../../../support/driver-context.ts'
import { describeWith } from '../../../../support/requirements.ts'
import { mbrDisk, rootFileSystem } from '../../../../e2e/payload/disk-image.ts'
import { runTool } from '../../../codecs/oracle.ts'

const script = `# a comment may say booti
if test \${devtype} = virtio; then
  setenv hil_root /dev/vdb\${distro_bootpart}
else
  setenv hil_root nowhere
fi
setenv bootargs "root=\${hil_root} ro quiet from=\${prefix}"
saveenv
load \${devtype} \${devnum}:\${distro_bootpart} \${kernel_addr_r} \${prefix}nothing; booti \${kernel_addr_r} - \${fdtcontroladdr}
reset
`

const disks: Readonly<Record<string, (directory: string) => Readonly<Record<string, string | Uint8Array>>>> =
  {
    extlinux: () => ({
      'boot/extlinux/extlinux.conf': `# two kernels
menu title Which one?
default second
timeout 50

label first
  kernel /boot/first
  append root=/dev/first
label second
  menu label The second one
  linux ../Image
  initrd /boot/initrd
  fdtdir /boot/dtbs
  append root=/dev/vda1 ro console=ttyAMA0 board=\${board_name}
`,
      'loader/entries/ignored.conf': 'linux /boot/Image\noptions root=/dev/ignored\n',
    }),
    script: (directory) => ({ 'boot/boot.scr': scriptImage(directory, script) }),
    entries: () => ({
      'loader/loader.conf': 'timeout 3\ndefault 6.1.*\n',
      'loader/entries/6.10.conf': 'title newer\nlinux /boot/Image-6.10\noptions root=/dev/newer\n',
      'loader/entries/6.1.0.conf':
        'title stock\nlinux /boot/Image\ninitrd /boot/one\ninitrd /boot/two\noptions root=/dev/vda1 ro\noptions quiet\n',
    }),
    long: (directory) => ({
      'boot.scr': scriptImage(directory, `setenv bootargs root=/dev/long\n${'# long\n'.repeat(4000)}reset\n`),
      long: '',
    }),
    elsewhere: (directory) => ({
      'boot.scr': scriptImage(directory, 'setenv bootargs root=/dev/wrong\nrun bootcmd_virtio0\n'),
      'efi/boot/bootaa64.efi': 'MZ',
    }),
  }

describeWith(['qemu', 'mke2fs', 'mkimage'], 'What U-Boot would boot by itself', function () {
  this.timeout(60_000)
  let directory: string
  let context: TestContext
  let prompt: Bootloader

  before(async () => {
    using t = startDeadline(40_000, 'starting U-Boot')
    context = await createTestContext()
    directory = mkdtempSync(join(tmpdir(), 'hil-stock-'))
    const drives = Object.entries(disks).map(([name, files]) => {
      const own = join(directory, name)
      const path = `${own}.img`
      writeFileSync(path, mbrDisk(rootFileSystem(own, '#!/bin/sh\n', files(directory), '4M'), 0xdeadbeef))
      return { path }
    })
    const firmware = '/usr/lib/u-boot/qemu_arm64/u-boot.bin'
    const machine = await qemuMachine.open(qemuMachine.schema.parse({ firmware, drives }), context, t)
    const driver = await ubootBootloader.open(ubootBootloader.schema.parse({}), context, t)
    const bench = await openConsoleBench(machine.openConsole, context.undo)
    await machine.power.on(t)
    prompt = await driver.interrupt(bench.take(), t)
  })
  after(async () => {
    await context.release()
    rmSync(directory, { recursive: true, force: true })
  })

  async function find(disk: string): Promise<StockEntry & NoStockEntry> {
    using t = startDeadline(20_000, 'looking for a normal boot')
    // QEMU gives the first drive the highest address, where U-Boot looks last.
    const found = await findStockEntry(prompt, `run bootcmd_virtio${await numberOf(disk)}`, t)
    return found as StockEntry & NoStockEntry
  }

  async function numberOf(disk: string): Promise<number> {
    using t = startDeadline(20_000, 'looking for a disk')
    const probes = {
      extlinux: '/boot/extlinux/extlinux.conf',
      script: '/boot/boot.scr',
      entries: '/loader/loader.conf',
      long: '/long',
    }
    for (const command of ['pci enum', 'virtio scan']) await prompt.run(command, t)
    for (const number of Object.keys(disks).keys()) {
      const path = probes[disk as keyof typeof probes] ?? '/efi/boot/bootaa64.efi'
      if ((await prompt.run(`test -e virtio ${number}:1 ${path}`, t)).exitCode === 0) return number
    }
    return assert.fail(disk)
  }

  it('is read from the default label of extlinux.conf, variables replaced', async () => {
    const { from, ...entry } = await find('extlinux')
    assert.match(from, /^label second of \/boot\/extlinux\/extlinux\.conf on virtio \d:1$/)
    assert.equal(entry.bootargs, 'root=/dev/vda1 ro console=ttyAMA0 board=qemu-arm')
    assert.equal(entry.kernel, '/boot/Image')
    assert.deepEqual(entry.initrds, ['/boot/initrd'])
    assert.equal(entry.deviceTree, undefined, 'U-Boot on QEMU names no $fdtfile')
  })

  it('is what a boot script sets, run with what boots, resets and saves taken out', async () => {
    const { from, bootargs } = await find('script')
    assert.match(from, /^the boot script \/boot\/boot\.scr on virtio \d:1$/)
    assert.equal(bootargs, 'root=/dev/vdb1 ro quiet from=/boot/')
  })

  it('is the entry of the Boot Loader Specification that loader.conf names', async () => {
    const { from, bootargs, initrds } = await find('entries')
    assert.match(from, /^entry 6\.1\.0 of \/loader\/entries\/6\.1\.0\.conf on virtio \d:1$/)
    assert.equal(bootargs, 'root=/dev/vda1 ro quiet')
    assert.deepEqual(initrds, ['/boot/one', '/boot/two'])
  })

  describe('goes into the command line of a payload', () => {
    const read = async (plan: Partial<BootPlan>, options: Record<string, string> = {}) => {
      using t = startDeadline(20_000, 'reading a normal boot')
      const notes: BootObservation[] = []
      const observe = (note: BootObservation) => void notes.push(note)
      const parsed = ubootBootloader.schema.parse(options)
      const { bootargs, entry } = await readStockBoot(prompt, { bootargs: [], observe, ...plan }, parsed, t)
      const told = notes.map((note) => (note.type === 'note' ? `${note.level}: ${note.message}` : ''))
      return { bootargs, entry, told: told.join('\n') }
    }

    it('unless it is given, with a root or as a whole', async () => {
      using t = startDeadline(20_000, 'clearing what the script has set')
      await prompt.run('setenv bootargs', t)
      const rooted = await read({ bootargs: ['ro root=/dev/nfs'] })
      assert.deepEqual(rooted, { bootargs: '', entry: undefined, told: '' })
      assert.equal((await read({}, { bootargs: 'whole' })).bootargs, 'whole')
    })

    it('as a command of the environment sets it', async () => {
      const { bootargs, told } = await read({}, { bootargsCommand: 'setenv bootargs root=/dev/named' })
      assert.equal(bootargs, 'root=/dev/named')
      assert.equal(told, 'info: "setenv bootargs root=/dev/named" has set the command line: root=/dev/named')
      const own = await read({ source: 'run mmcboot' })
      assert.equal(own.bootargs, 'root=/dev/named', "U-Boot's own $bootargs")
      assert.match(own.told, /"run mmcboot" boots in a way of its own; the command line is U-Boot's own/)
    })

    it('or is said to be unknown, with what to do', async () => {
      using t = startDeadline(20_000, 'clearing')
      await prompt.run('setenv bootargs', t)
      const { bootargs, told } = await read({ source: 'run mmcboot' })
      assert.equal(bootargs, '')
      assert.match(
        told,
        /^warning: .*\$bootargs is empty; .*name root= and console= there.*"bootargs-command"/,
      )
    })
  })

  it('stays unknown where a script is so long that its end is not seen, which is not run', async () => {
    using t = startDeadline(20_000, 'loading the script')
    // As it may lie in memory from a boot before.
    await prompt.run(`load virtio ${await numberOf('long')}:1 \${scriptaddr} /boot.scr`, t)
    const { obstacles } = await find('long')
    assert.match(
      obstacles.join('\n'),
      /boot script \/boot\.scr .* has more than the 16384 bytes that are read/,
    )
  })

  it('stays unknown where a script or an EFI program hides it, which is said', async () => {
    const { obstacles } = await find('elsewhere')
    assert.match(
      obstacles.join('\n'),
      /boot script \/boot\.scr .* runs the variable bootcmd_virtio0, which may boot/,
    )
    assert.match(obstacles.join('\n'), /starts an EFI program/)
  })
})

function scriptImage(directory: string, text: string): Uint8Array {
  const [source, image] = [join(directory, 'script.txt'), join(directory, 'script.scr')]
  writeFileSync(source, text)
  runTool('mkimage', ['-A', 'arm64', '-T', 'script', '-d', source, image])
  return readFileSync(image)
}
