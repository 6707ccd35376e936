import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { debianArm64, bareboxImage, secondBareboxImage } from '../../../scripts/setup/places.mjs'
import { writeFiles, type Files } from '../../support/environment-files.ts'
import { describeWith, itWith } from '../../support/requirements.ts'
import { runHil } from '../../support/run-hil.ts'
import { runTool } from '../../unit/codecs/oracle.ts'

const environment = (firmware: string, more: string) => `boards:
  virt:
    architecture: arm64
    compatible: linux,dummy-virt
    machine:
      driver: qemu
      firmware: ${firmware}
      drives: [{ path: disk.ext4 }]
    bootloader: barebox
    ${more}
      source: virtioblk0
      bootargs: [hil.added=1]
      payload:
        kernel: ${debianArm64().directory}/Image
        initrd: { busybox: ${debianArm64().busybox} }
`

const uboot = '/usr/lib/u-boot/qemu_arm64/u-boot.bin'

const entry = `title the stock system
version 1
linux /stock-kernel
options stock.entry=1 panic=1
`

const spec = `import assert from 'node:assert/strict'
import { useBoard } from 'hil'
describe('the payload', () => {
  const board = useBoard({ state: 'shell' })
  it('runs with the command line of the stock entry and what was added', async () => {
    const { stdout } = await board.shell.runOk('cat /proc/cmdline')
    const words = stdout.trim().split(' ')
    assert.deepEqual(words.filter((word) => /^(?:stock|panic|hil\\.added)/.test(word)).sort(), [
      'hil.added=1',
      'panic=1',
      'stock.entry=1',
    ])
  })
})
`

describeWith(['barebox', 'mke2fs'], 'A boot from disk with a late override, on real barebox', function () {
  this.timeout(120_000)
  let files: Files

  before(async () => {
    files = await writeFiles({
      'env.yaml': environment(bareboxImage(), 'boot:'),
      'chainload.yaml': environment(
        uboot,
        `first-bootloader: uboot\n    boot:\n      chainload: ${secondBareboxImage()}`,
      ),
      'late.spec.ts': spec,
      'root/loader/entries/stock.conf': entry,
      'root/stock-kernel': kernelThatCannotRun(),
    })
    runTool('mke2fs', ['-q', '-t', 'ext4', '-d', files.path('root'), files.path('disk.ext4'), '16M'])
  })

  after(() => files[Symbol.asyncDispose]())

  const boots = async (environmentFile: string) => {
    const { exitCode, stdout, stderr } = await runHil(['run', 'late.spec.ts', '--env', environmentFile], {
      cwd: files.directory,
    })
    assert.equal(exitCode, 0, stdout + stderr)
    const console = await readFile(files.path('reports/latest/console.log'), 'utf8')
    assert.match(console, /boot -o bootm\.image=\S+ -o bootm\.initrd=\S+ virtioblk0/)
    assert.match(console, /\[bootm override active\] replacement OS/)
    assert.match(console, /\[bootm override active\] replacement initrd/)
    return console
  }

  it('replaces kernel and initrd of the entry, keeps its options, and is reported by barebox', async () => {
    await boots('env.yaml')
  })

  itWith(['barebox-2nd'], 'does so on a board with U-Boot, which chain-loads that barebox', async () => {
    const console = await boots('chainload.yaml')
    assert.match(console, /U-Boot [^]*tftpboot [^]*Starting kernel \.\.\.[^]*barebox /)
  })
})

/** The header of an arm64 Image (Documentation/arch/arm64/booting.rst) and nothing behind it: what boots is the override. */
function kernelThatCannotRun(): Uint8Array {
  const image = Buffer.alloc(64 * 1024)
  image.write('MZ', 0)
  image.writeBigUInt64LE(BigInt(image.length), 16)
  image.write('ARM\x64', 56)
  return image
}
