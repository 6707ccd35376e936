import assert from 'node:assert/strict'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { buildPayload } from '../../../src/build/build-payload.ts'
import { openKernelTree } from '../../../src/build/sources/kernel-tree.ts'
import { inspectPayload } from '../../../src/build/inspect-payload.ts'
import { artifactPaths, readPayloadFile } from '../../../src/build/payload-file.ts'
import { verifyArtifacts } from '../../../src/build/verify-artifacts.ts'
import { fromText, fromTexts, packFdt, type FdtNode } from '../../../src/codecs/fdt/index.ts'
import { packCpio, readInitramfs, unpackInitramfs } from '../../../src/codecs/cpio/index.ts'
import { runTool, useScratch } from '../codecs/oracle.ts'
import { moduleFile } from './module-file.ts'
import { payloadRequest } from './payload-request.ts'

const release = '6.1.0-test'

/** An arm64 Image (Documentation/arch/arm64/booting.rst) that only says its release. */
function kernelImage(): Buffer {
  const image = Buffer.alloc(4096)
  image.writeBigUInt64LE(4096n, 16)
  image.write('ARM\x64', 56, 'latin1')
  image.write(`Linux version ${release} (me@here) (gcc 12) #1 SMP\n\0`, 128, 'latin1')
  return image
}

/** A board with one device, which is called as the board is. */
function deviceTree(...compatible: string[]): Uint8Array {
  const properties = new Map([
    ['compatible', fromTexts(compatible)],
    ['model', fromText('A board')],
  ])
  const device: FdtNode = {
    name: 'mmc',
    properties: new Map([['compatible', fromText(`${compatible[0]}-mmc`)]]),
    children: new Map(),
  }
  const root: FdtNode = { name: '', properties, children: new Map([['mmc', device]]) }
  return packFdt({ root })
}

describe('a payload that is built', () => {
  const scratch = useScratch()

  function write(path: string, content: Uint8Array | string): string {
    const file = join(scratch(), path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
    return file
  }

  /** What `make` leaves for arm64, as far as it is looked at. */
  function kernelTree(): string {
    const vermagic = `vermagic=${release} SMP`
    write('linux/.config', '#\n# x\n# Linux/arm64 6.1.0 Kernel Configuration\n#\nCONFIG_RD_GZIP=y\n')
    write('linux/include/config/kernel.release', `${release}\n`)
    write('linux/arch/arm64/boot/Image', kernelImage())
    write('linux/arch/arm64/boot/dts/acme/one.dtb', deviceTree('acme,one', 'acme,soc'))
    write('linux/arch/arm64/boot/dts/acme/two.dtb', deviceTree('acme,two', 'acme,soc'))
    write('linux/modules.order', 'drivers/a/a.o\ndrivers/b-c.o\n')
    write('linux/modules.builtin', 'fs/built.o\n')
    write('linux/modules.builtin.modinfo', 'built.alias=fs-built\0')
    write('linux/drivers/a/a.ko', moduleFile('depends=b_c', 'alias=a-device', vermagic))
    write('linux/drivers/b-c.ko', moduleFile('depends=', vermagic))
    return join(scratch(), 'linux')
  }

  const output = () => join(scratch(), 'out')
  const board = (compatible: string[], bootloader: 'barebox' | 'uboot' = 'barebox') => ({
    name: 'board',
    architecture: 'arm64',
    compatible,
    bootloader,
  })
  /** A directory with one module where modules_install puts it. */
  function installed(directory: string, path: string, ...fields: string[]): string {
    write(
      `${directory}/lib/modules/${release}/kernel/${path}`,
      moduleFile(...fields, `vermagic=${release} SMP`),
    )
    write(`${directory}/lib/modules/${release}/modules.order`, `kernel/${path}\n`)
    return join(scratch(), directory)
  }
  const fromTree = (tree: string) => ({ tree, objects: undefined, make: undefined })

  it('of a kernel tree has modules where modules_install puts them, with indexes, and no links', async () => {
    const tree = kernelTree()
    symlinkSync('/nowhere', join(tree, 'build'))
    const { payload } = await buildPayload(payloadRequest(output(), { from: fromTree(tree) }))
    assert.equal(payload.kernel.release, release)
    assert.equal(payload.image?.artifact.origin.kind, 'kernel-tree')
    assert.deepEqual(payload.initrd.parts[0]?.origin, payload.image.artifact.origin)
    const { initramfs } = await inspectPayload(artifactPaths(output(), payload), payload, undefined)
    const paths = [...unpackInitramfs(initramfs ?? { members: [] }).list()].map(([path]) => path)
    const directory = `lib/modules/${release}`
    for (const path of [
      'kernel/drivers/a/a.ko',
      'kernel/drivers/b-c.ko',
      'modules.dep',
      'modules.alias.bin',
    ]) {
      assert.ok(paths.includes(`${directory}/${path}`), `${path} is missing`)
    }
    assert.ok(!paths.some((path) => /\/(?:build|source)$/.test(path)))
  })

  it('of a kernel tree has the modules of its directory "kernel", also where an old one lists all as installed', async () => {
    for (const [order, expected] of [
      ['kernel/configs.o\n', 'kernel/kernel/configs.ko'],
      ['kernel/kernel/configs.ko\nkernel/drivers/b-c.ko\n', 'kernel/kernel/configs.ko'],
      ['kernel/configs.ko\ndrivers/b-c.ko\n', 'kernel/kernel/configs.ko'],
    ] as const) {
      const tree = kernelTree()
      write('linux/kernel/configs.ko', moduleFile('depends=', `vermagic=${release} SMP`))
      write('linux/modules.order', order)
      const { modules = assert.fail() } = await openKernelTree({ tree })
      assert.ok(modules.paths.includes(expected), modules.paths.join(', '))
      assert.ok((await modules.read(expected))?.length)
    }
  })

  it('can be read by a TFTP server of another user', async () => {
    const tree = kernelTree()
    await buildPayload(payloadRequest(output(), { from: fromTree(tree) }))
    for (const name of ['Image', 'initrd.cpio.gz']) {
      assert.equal(statSync(join(output(), name)).mode & 0o777, 0o644)
    }
  })

  it('for barebox is a FIT with the configuration of the board alone', async () => {
    const tree = kernelTree()
    const rsinit = write(
      'rsinit.cpio',
      await packCpio([{ type: 'file', path: 'init', data: 'x', permissions: 0o755 }]),
    )
    const { payload } = await buildPayload(
      payloadRequest(output(), {
        from: fromTree(tree),
        board: board(['acme,two']),
        init: { rsinit, bindOption: 'rsinit.bind_modules' },
      }),
    )
    assert.deepEqual(payload.image?.brings, { deviceTree: true, initrd: true })
    assert.deepEqual(payload.bootargs, ['rsinit.bind_modules'])
    const { contents } = await inspectPayload(artifactPaths(output(), payload), payload, board(['acme,two']))
    assert.deepEqual(
      [...(contents.image?.fit?.fit.configurations.values() ?? [])].map((each) => each.compatible),
      [['acme,two', 'acme,soc']],
    )
    assert.equal(contents.initramfs?.init, 'executable')
  })

  it('for U-Boot is separate files, with the device tree of the board', async () => {
    const { payload } = await buildPayload(
      payloadRequest(output(), {
        from: fromTree(kernelTree()),
        board: board(['acme,unknown', 'acme,soc'], 'uboot'),
      }),
    )
    const { base } = payload.deviceTree
    assert.ok(typeof base !== 'string' && base.name === 'one.dtb')
  })

  it('has the same bytes for the same inputs', async () => {
    const tree = kernelTree()
    const outputs = ['one', 'two'].map((name) => join(scratch(), name))
    for (const each of outputs) await buildPayload(payloadRequest(each, { from: fromTree(tree) }))
    for (const name of ['payload.json', 'Image', 'initrd.cpio.gz']) {
      const [one, two] = outputs.map((each) => readFileSync(join(each, name)))
      assert.ok(one !== undefined && two !== undefined && one.equals(two), `${name} differs`)
    }
  })

  it('is made again only where something changed, not where only times did', async () => {
    const tree = kernelTree()
    const build = async () => (await buildPayload(payloadRequest(output(), { from: fromTree(tree) }))).made
    assert.deepEqual(await build(), ['initrd.cpio.gz', 'Image'])
    assert.deepEqual(await build(), [])
    utimesSync(join(tree, 'drivers/a/a.ko'), 1, 1)
    assert.deepEqual(await build(), [])
    appendFileSync(join(tree, 'drivers/a/a.ko'), ' ')
    assert.deepEqual(await build(), ['initrd.cpio.gz'])
  })

  it('notices a file of the same size and time that is another', async () => {
    const tree = kernelTree()
    const file = join(tree, 'arch/arm64/boot/Image')
    const build = async () =>
      (await buildPayload(payloadRequest(output(), { from: fromTree(tree) }))).payload.nonce
    utimesSync(file, 1, 1)
    const before = await build()
    const other = kernelImage()
    other[4000] = 1
    writeFileSync(file, other)
    utimesSync(file, 1, 1)
    assert.notEqual(await build(), before)
  })

  it('makes an artifact anew that somebody changed, and the check tells of it before', async () => {
    const tree = kernelTree()
    const build = () => buildPayload(payloadRequest(output(), { from: fromTree(tree) }))
    await build()
    appendFileSync(join(output(), 'Image'), 'x')
    const stale = await verifyArtifacts(output(), await readPayloadFile(output()))
    assert.deepEqual(
      stale.map(({ code, file }) => [code, file]),
      [['payload.stale', 'Image']],
    )
    assert.deepEqual((await build()).made, ['Image'])
    assert.deepEqual(await verifyArtifacts(output(), await readPayloadFile(output())), [])
  })

  it("appends modules to the board's own initrd, compressed, when no init is given", async () => {
    const tree = kernelTree()
    const { payload } = await buildPayload(
      payloadRequest(output(), {
        from: fromTree(tree),
        initrd: { keepsOwn: true, files: [] },
        modulesPrefix: 'usr',
      }),
    )
    assert.equal(payload.initrd.keepsOwn, true)
    const { members } = await readInitramfs(readFileSync(join(output(), 'initrd.cpio.gz')))
    assert.ok(members.every(({ compression }) => compression === 'gzip'))
    assert.ok(
      members
        .flatMap(({ archives }) => archives.flat())
        .some(({ path }) => path.startsWith('usr/lib/modules/')),
    )
  })

  it('packs only named modules with what they need', async () => {
    const { payload, initrd } = await buildPayload(
      payloadRequest(output(), {
        from: fromTree(kernelTree()),
        modules: 'board',
        extraModules: ['b-c', 'typo'],
      }),
    )
    assert.equal(initrd?.modules, 1)
    assert.deepEqual(initrd.missing, [{ name: 'typo' }])
    assert.equal((await readPayloadFile(output())).nonce, payload.nonce)
  })

  it('of a FIT has modules from elsewhere with what its device tree needs, and is made again when these change', async () => {
    const tree = kernelTree()
    const target = board(['acme,two'])
    const made = join(scratch(), 'made')
    await buildPayload(payloadRequest(made, { from: fromTree(tree), modules: 'none', board: target }))
    const modulesFrom = installed('modules', 'drivers/mmc/two.ko', 'depends=', 'alias=of:N*T*Cacme,two-mmc')
    const request = payloadRequest(output(), {
      from: { fit: join(made, 'image.fit') },
      board: target,
      modulesFrom,
      modules: 'board',
      initrd: { keepsOwn: true, files: [] },
    })
    const { payload, initrd } = await buildPayload(request)
    assert.equal(initrd?.modules, 1)
    assert.deepEqual(payload.initrd.parts[0]?.origin, { kind: 'made', path: modulesFrom })
    assert.deepEqual(payload.image?.artifact.origin.kind, 'fit')
    assert.deepEqual((await buildPayload(request)).made, [])
    appendFileSync(join(modulesFrom, `lib/modules/${release}/kernel/drivers/mmc/two.ko`), ' ')
    assert.deepEqual((await buildPayload(request)).made, ['initrd.cpio.gz'])
  })

  it('of a Debian package is made again when modules from elsewhere change', async () => {
    write('package/boot/vmlinuz-6.1.0-test', kernelImage())
    write(
      'package/DEBIAN/control',
      'Package: linux-test\nVersion: 1\nArchitecture: all\nMaintainer: x\nDescription: x\n',
    )
    const deb = join(scratch(), 'linux-test.deb')
    runTool('dpkg-deb', ['--build', join(scratch(), 'package'), deb])
    const modulesFrom = installed('modules', 'drivers/b-c.ko', 'depends=')
    const request = payloadRequest(output(), { from: { debian: [deb] }, modulesFrom })
    assert.deepEqual((await buildPayload(request)).made, ['initrd.cpio.gz', 'vmlinuz-6.1.0-test'])
    assert.deepEqual((await buildPayload(request)).made, [])
    appendFileSync(join(modulesFrom, `lib/modules/${release}/kernel/drivers/b-c.ko`), ' ')
    assert.deepEqual((await buildPayload(request)).made, ['initrd.cpio.gz'])
  })

  it('tells which modules of the root file system it would hide, where these were not built with its kernel', async () => {
    const dep = 'kernel/fs/ext4.ko:\nupdates/dkms/own.ko.xz:\nextra/b-c.ko:\n'
    write('root/usr/lib/modules/5.10.0-stock/modules.dep', dep)
    symlinkSync('/usr/lib', join(scratch(), 'root/lib'))
    const rsinit = write('rsinit.cpio', await packCpio([{ type: 'file', path: 'init', data: 'x' }]))
    const init = { rsinit, bindOption: 'rsinit.bind_modules' }
    const parts = { from: fromTree(kernelTree()), rootfs: join(scratch(), 'root') }
    const { notes } = await buildPayload(payloadRequest(output(), { ...parts, init }))
    const hidden = notes.filter((note) => note.includes('take the place of'))
    assert.equal(hidden.length, 1)
    assert.match(hidden[0] ?? '', /not built with the kernel: 5\.10\.0-stock\/updates\/dkms\/own\.ko\.xz; /)
    const unbound = await buildPayload(payloadRequest(output(), parts))
    assert.ok(
      !unbound.notes.some((note) => note.includes('take the place of')),
      'nothing is bound without an init',
    )
  })

  describe('with make run first', () => {
    const saved = { ARCH: process.env['ARCH'], CROSS_COMPILE: process.env['CROSS_COMPILE'] }
    beforeEach(() => {
      delete process.env['ARCH']
      delete process.env['CROSS_COMPILE']
    })
    afterEach(() => {
      for (const [name, value] of Object.entries(saved)) if (value !== undefined) process.env[name] = value
    })

    /** What make was told, by a Makefile that only says so. */
    async function told(make: { architecture?: string; crossCompile?: string }): Promise<string> {
      const tree = kernelTree()
      write('linux/Makefile', 'all:\n\t@echo "$(ARCH) $(CROSS_COMPILE)" > told\n')
      await buildPayload(payloadRequest(output(), { from: { tree, objects: undefined, make } }))
      return readFileSync(join(tree, 'told'), 'utf8').trim()
    }

    it('is built for what its configuration is for, not for this machine, which would change it', async () => {
      assert.equal(await told({}), 'arm64')
    })

    it('is built as the environment or the options say', async () => {
      process.env['ARCH'] = 'riscv'
      process.env['CROSS_COMPILE'] = 'riscv64-linux-gnu-'
      assert.equal(await told({}), 'riscv riscv64-linux-gnu-')
      assert.equal(await told({ architecture: 'arm64', crossCompile: 'aarch64-' }), 'arm64 aarch64-')
    })

    it('is told to be no kernel tree where it has no configuration, before make is asked for one', async () => {
      const tree = dirname(write('bare/Makefile', 'all:\n\ttouch built\n'))
      await assert.rejects(
        buildPayload(payloadRequest(output(), { from: { tree, objects: undefined, make: {} } })),
        { code: 'kernel-tree.not-configured' },
      )
      assert.ok(!existsSync(join(tree, 'built')))
    })
  })

  it('says of a tree that is not there that there is none', async () => {
    const request = payloadRequest(output(), { from: fromTree('/nowhere/linux') })
    await assert.rejects(buildPayload(request), {
      code: 'kernel-tree.missing',
      message: 'there is no kernel tree at /nowhere/linux',
    })
  })

  it('says of a tree that was never built what to do', async () => {
    const tree = dirname(write('linux/.config', '# Linux/arm64 6.1.0 Kernel Configuration\n'))
    await assert.rejects(buildPayload(payloadRequest(output(), { from: fromTree(tree) })), {
      code: 'kernel-tree.not-built',
      message: /run make, or let hil do it \(--make\)/,
    })
  })

  it('refuses a payload.json that it did not write', async () => {
    write('out/payload.json', '{"hil": 1}')
    await assert.rejects(readPayloadFile(output()), { code: 'payload.not-a-payload' })
  })
})
