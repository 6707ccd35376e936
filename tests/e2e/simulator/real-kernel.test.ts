import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { simulatorQemu } from '../../../src/app/simulator-qemu.ts'
import { buildBusyboxInitramfs } from '../../../src/build/initrd/busybox-initramfs.ts'
import { collect } from '../../../src/codecs/byte-source.ts'
import { buildFit } from '../../../src/codecs/fit/index.ts'
import { fromCells, fromText, fromTexts, packFdt } from '../../../src/codecs/fdt/index.ts'
import { debianArm64 } from '../../../scripts/setup/places.mjs'
import { createTestContext, type TestContext } from '../../support/driver-context.ts'
import { writeFiles } from '../../support/environment-files.ts'
import { describeWith } from '../../support/requirements.ts'
import { runHil } from '../../support/run-hil.ts'
import { autobootPrompt, bareboxPrompt, BoardConsole } from '../../unit/simulator/board-console.ts'

const { kernel, busybox } = debianArm64()
const project = fileURLToPath(new URL('../../../', import.meta.url))
const slow = 30_000
const shellPrompt = /[/~] # (?:\x1b\[6n)?$/

describeWith(['qemu'], 'The simulated barebox in front of QEMU', function () {
  this.timeout(120_000)
  let context: TestContext

  beforeEach(async () => {
    context = await createTestContext()
  })

  afterEach(() => context.release())

  it('starts the stock kernel, and again after the kernel has panicked and reset the board', async () => {
    using console = await atBarebox({ stock: { kernel, bootargs: 'console=ttyAMA0 panic=-1' } })
    await console.type('boot virtioblk0\r')
    const booted = await console.until(autobootPrompt, slow)
    assert.match(booted, /Kernel command line: console=ttyAMA0 panic=-1/)
    assert.match(booted, /Kernel panic - not syncing: VFS: Unable to mount root fs/)
    assert.match(booted, /Board: ARM QEMU virt64/)
    await console.type('\r')
    await console.until(bareboxPrompt)
    await console.type('echo ${global.system.reset}\r')
    assert.match(await console.until(bareboxPrompt), /\r\nRST\r\n/)
  })

  it('hands over the kernel, the initrd and the arguments of a FIT that an override names', async () => {
    using console = await atBarebox({ stock: { kernel, bootargs: 'console=ttyAMA0 stock=1' } })
    await publish(console, 'payload.fit', await payloadFit())
    await console.type('ifup -a1; global linux.bootargs.dyn.hil="added=1"; cd /mnt/tftp\r')
    await console.until(bareboxPrompt)
    await console.type('boot -o bootm.image=payload.fit -o bootm.oftree= virtioblk0\r')
    const booted = await console.until(shellPrompt, slow)
    assert.match(booted, /replacement OS: FIT\(\/mnt\/tftp\/payload\.fit, conf-1\/kernel\)/)
    assert.match(booted, /replacement initrd: FIT\(\/mnt\/tftp\/payload\.fit, conf-1\/ramdisk\)/)
    assert.match(booted, /Run \/init as init process/)
    await console.type('cat /proc/cmdline\r')
    assert.match(await console.until(shellPrompt, slow), /console=ttyAMA0 stock=1 added=1/)
    await console.type('poweroff -f\r')
    await console.until('reboot: Power down', slow)
    assert.deepEqual(console.machine.unsupported(), [])
    assert.deepEqual(console.machine.files?.fetches?.('payload.fit').at(-1)?.end, 'complete')
  })

  it('ends QEMU when the power is cut, and starts anew when it is back', async () => {
    using console = await atBarebox({ stock: { kernel, bootargs: 'console=ttyAMA0' } })
    await console.type('boot virtioblk0\r')
    await console.until('Booting Linux on physical CPU', slow)
    await console.machine.power.off(console.t)
    assert.equal(await console.machine.power.state(console.t), 'off')
    const cutAt = console.all.length
    await console.machine.power.on(console.t)
    await console.until(autobootPrompt)
    assert.doesNotMatch(console.all.slice(cutAt), /\[ +\d+\.\d+\]/)
  })

  it('does not pretend that a device tree for another machine was used', async () => {
    using console = await atBarebox({ stock: { kernel, bootargs: 'console=ttyAMA0 panic=-1' } })
    await publish(console, 'acme.dtb', foreignTree())
    await console.type('ifup -a1; boot -o bootm.oftree=/mnt/tftp/acme.dtb virtioblk0\r')
    await console.until('Booting Linux on physical CPU', slow)
    assert.deepEqual(console.machine.unsupported(), ['a device tree that is not for linux,dummy-virt'])
  })

  it('runs the shipped spec on env/sim-barebox-qemu.yaml', async () => {
    await using files = await writeFiles({})
    const { exitCode, stdout, stderr } = await runHil(
      ['run', join(project, 'tests/boot.spec.ts'), '--env', join(project, 'env/sim-barebox-qemu.yaml')],
      { cwd: files.directory },
    )
    assert.equal(exitCode, 0, stdout + stderr)
    const console = await readFile(files.path('reports/latest/console.log'), 'utf8')
    assert.match(console, /\[bootm override active\] replacement OS: File\(\S+\)/)
    assert.match(console, /\[bootm override active\] replacement initrd: File\(\S+\)/)
  })

  async function atBarebox(options: Parameters<typeof simulatorQemu.schema.parse>[0]): Promise<BoardConsole> {
    const probe = await BoardConsole.open()
    try {
      const machine = await simulatorQemu.open(simulatorQemu.schema.parse(options), context, probe.t)
      const console = await BoardConsole.startedOn(machine, autobootPrompt)
      await console.type('\r')
      await console.until(bareboxPrompt)
      return console
    } finally {
      probe[Symbol.dispose]()
    }
  }

  async function publish(console: BoardConsole, name: string, content: Uint8Array): Promise<void> {
    const path = join(context.temporaryDirectory, name)
    await writeFile(path, content)
    const served = await console.machine.files?.publish(name, path, console.t)
    assert.equal(served?.sha256, createHash('sha256').update(content).digest('hex'))
  }
})

async function payloadFit(): Promise<Uint8Array> {
  const initramfs = await collect((await buildBusyboxInitramfs(busybox)).open(), 1 << 24)
  const image = await readFile(kernel)
  const fit = await buildFit({
    description: 'A payload',
    timestamp: 1,
    architecture: 'arm64',
    kernel: { description: 'Debian', data: image[0] === 0x1f ? gunzipSync(image) : image },
    deviceTrees: [{ name: 'virt.dtb', data: ownTree() }],
    ramdisks: [initramfs],
    hashes: ['sha256'],
  })
  return collect(fit.open(), 1 << 26)
}

function ownTree(): Uint8Array {
  return tree('linux,dummy-virt')
}

function foreignTree(): Uint8Array {
  return tree('acme,board')
}

function tree(compatible: string): Uint8Array {
  const properties = new Map([
    ['#address-cells', fromCells(2)],
    ['#size-cells', fromCells(2)],
    ['compatible', fromTexts([compatible])],
    ['model', fromText('A board')],
  ])
  return packFdt({ root: { name: '', properties, children: new Map() } })
}
