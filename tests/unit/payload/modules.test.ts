import assert from 'node:assert/strict'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { debianArm64 } from '../../../scripts/setup/places.mjs'
import { loadModuleSet, openModuleDirectory } from '../../../src/build/modules/module-files.ts'
import { parseFdt } from '../../../src/codecs/fdt/index.ts'
import {
  boardModules,
  hiddenModules,
  moduleIndexFiles,
  ModuleSet,
  parseModulesAlias,
  parseModulesDep,
  readModuleInfo,
  stripDebug,
  type PlacedModule,
} from '../../../src/payload/modules/index.ts'
import { describeWith } from '../../support/requirements.ts'
import { runTool, useScratch } from '../codecs/oracle.ts'

function module(name: string, given: Partial<PlacedModule> = {}): PlacedModule {
  return {
    name,
    path: `kernel/${name}.ko`,
    vermagic: '6.1 SMP',
    depends: [],
    aliases: [],
    softdeps: [],
    symbols: [],
    isSigned: false,
    architecture: 'arm64',
    size: 1,
    debugBytes: 0,
    ...given,
  }
}

const names = (modules: readonly PlacedModule[]) => modules.map(({ name }) => name)

describe('a set of modules', () => {
  it('puts what a module needs before it, each once', () => {
    const set = new ModuleSet([
      module('a', { depends: ['b', 'c'] }),
      module('b', { depends: ['d'] }),
      module('c', { depends: ['d'] }),
      module('d'),
      module('unneeded'),
    ])
    assert.deepEqual(names(set.closure(['a']).modules), ['d', 'b', 'c', 'a'])
  })

  it('follows soft dependencies, by alias too, but does not miss them', () => {
    const set = new ModuleSet([
      module('ext4', { softdeps: ['pre: crypto-crc32c nowhere post: later'] }),
      module('crc32c_generic', { aliases: ['crypto-crc32c'] }),
      module('later'),
    ])
    const { modules, missing } = set.closure(['ext4'])
    assert.deepEqual(names(modules), ['crc32c_generic', 'ext4', 'later'])
    assert.deepEqual(missing, [])
  })

  it('takes what is built in for granted, and names who needs what is missing', () => {
    const set = new ModuleSet([module('a', { depends: ['in_kernel', 'gone'] })], {
      builtin: ['kernel/in-kernel.ko'],
    })
    assert.deepEqual(set.closure(['a', 'in-kernel', 'typo']).missing, [
      { name: 'gone', neededBy: 'a' },
      { name: 'typo' },
    ])
  })

  it('ends where modules need each other in a circle', () => {
    const set = new ModuleSet([module('a', { depends: ['b'] }), module('b', { depends: ['a'] })])
    assert.deepEqual(names(set.closure(['a']).modules), ['b', 'a'])
    assert.ok(moduleIndexFiles(set).has('modules.dep'))
  })

  it('finds modules by patterns as fnmatch has them', () => {
    const set = new ModuleSet([
      module('usb', { aliases: ['usb:v0[4-6]B?p*'] }),
      module('dashed', { aliases: ['of:N*T*Cacme,one-two'] }),
    ])
    assert.deepEqual(set.forAlias('usb:v05B1p99'), ['usb'])
    assert.deepEqual(set.forAlias('usb:v07B1p99'), [])
    assert.deepEqual(set.forAlias('of:NxT(null)Cacme,one_two'), ['dashed'])
  })

  it('names the modules of a root file system that a payload would hide', () => {
    const ofRoot = 'updates/own-driver.ko:\nextra/taken-in.ko.xz:\nkernel/fs/ext4.ko.xz: kernel/jbd2.ko.xz\n'
    assert.deepEqual(hiddenModules(ofRoot, ['kernel/drivers/taken-in.ko']), ['updates/own-driver.ko'])
  })

  it('refuses what is no module with its name', () => {
    assert.throws(() => readModuleInfo(Buffer.from('text'), 'kernel/x.ko'), { code: 'module.not-elf' })
  })
})

describeWith(['qemu'], "the modules of Debian's kernel", function () {
  this.timeout(60_000)
  const scratch = useScratch()
  let set: ModuleSet
  let directory: string

  before(async () => {
    const files = await openModuleDirectory(debianArm64().modules)
    directory = join(debianArm64().modules, 'lib/modules', files.release)
    set = await loadModuleSet(files)
  })

  it('gives the drivers between CPU, disk and network for a device tree, and no others', () => {
    const tree = parseFdt(readFileSync(join(debianArm64().dtbs, 'rockchip/rk3568-rock-3a.dtb')))
    const wanted = boardModules(set, tree)
    for (const name of ['dw_mmc_rockchip', 'sdhci_of_dwcmshc', 'dwmac_rk', 'nvme', 'ext4']) {
      assert.ok(wanted.includes(name), `${name} is missing`)
    }
    assert.deepEqual(
      wanted.filter((name) =>
        /^kernel\/(?:sound|drivers\/(?:gpu|media|iio))/.test(set.get(name)?.path ?? ''),
      ),
      [],
    )
    assert.deepEqual(set.closure(wanted).missing, [])
  })

  describeWith(['depmod'], 'indexed', () => {
    it('give the indexes that depmod writes', () => {
      const release = '6.1.0-test'
      const root = join(scratch(), 'lib/modules', release)
      const chosen = set.closure([
        'ext4',
        'nfsv4',
        'virtio_net',
        'drm_dp_aux_bus',
        'fuse',
        'btrfs',
        'ad5592r',
      ])
      const kept = ['modules.builtin', 'modules.builtin.modinfo', 'modules.order']
      for (const path of [...chosen.modules.map((each) => each.path), ...kept]) {
        mkdirSync(dirname(join(root, path)), { recursive: true })
        cpSync(join(directory, path), join(root, path))
      }
      runTool('depmod', ['-b', scratch(), release])
      const order = readFileSync(join(directory, 'modules.order'), 'utf8').split('\n')
      const small = new ModuleSet(chosen.modules, {
        builtin: [...set.builtin],
        builtinAliases: set.builtinAliases,
        order,
      })
      const ours = moduleIndexFiles(small)
      const text = (name: string) => Buffer.from(ours.get(name) ?? []).toString('utf8')
      const oracle = (name: string) => readFileSync(join(root, name))
      for (const name of [
        ...['modules.alias', 'modules.alias.bin', 'modules.symbols.bin', 'modules.softdep'],
        ...['modules.devname', 'modules.builtin.alias.bin'],
      ]) {
        assert.ok(oracle(name).equals(ours.get(name) ?? Buffer.alloc(0)), `${name} differs`)
      }
      // The order of what a module needs is free, as long as each comes after those that need it.
      const sorted = (dep: string) =>
        [...parseModulesDep(dep)].map(([path, needed]) => [path, [...needed].sort()] as const)
      assert.deepEqual(sorted(text('modules.dep')), sorted(oracle('modules.dep').toString()))
      assert.deepEqual(
        new Set(parseModulesAlias(text('modules.symbols')).map(String)),
        new Set(parseModulesAlias(oracle('modules.symbols').toString()).map(String)),
      )
    })
  })

  describeWith(['depmod'], 'indexed by us', () => {
    it('are found by modprobe, with what they need before them', () => {
      const release = '6.1.0-test'
      const root = join(scratch(), 'lib/modules', release)
      const { modules } = set.closure(['nfsv4', 'ext4'])
      for (const { path } of modules) {
        mkdirSync(dirname(join(root, path)), { recursive: true })
        cpSync(join(directory, path), join(root, path))
      }
      const small = new ModuleSet(modules, { builtin: [...set.builtin] })
      for (const [name, data] of moduleIndexFiles(small)) writeFileSync(join(root, name), data)
      const words = ['-d', scratch(), '-S', release, '--show-depends']
      for (const wanted of ['ext4', 'fs-nfs4']) {
        const loaded = runTool('modprobe', [...words, wanted])
          .toString()
          .split('\n')
          .filter((line) => line.startsWith('insmod'))
          .map((line) => line.replace(`insmod ${root}/`, '').trim())
        const seen = new Set<string>()
        const byPath = new Map(modules.map((each) => [each.path, each]))
        for (const path of loaded) {
          for (const needed of byPath.get(path)?.depends ?? []) {
            assert.ok(seen.has(small.get(needed)?.path ?? ''), `${path} is loaded before ${needed}`)
          }
          seen.add(path)
        }
        assert.ok(loaded.length >= 3)
      }
    })
  })
})

/** Code with a symbol and a relocation, and debug sections with a symbol and a relocation of their own. */
const assembly = `
  .section .debug_info,"",@progbits
debug_start:
  .quad function
  .section .debug_str,"MS",@progbits,1
  .string "only a debugger reads this"
  .text
  .globl function
function:
  call other
  .data
pointer:
  .quad function
  .quad pointer
  .section .modinfo,"a",@progbits
  .string "vermagic=6.1 SMP"
  .string "depends=a,b-c"
  .string "alias=pci:v*"
`

describeWith(['readelf'], 'stripping a module', () => {
  const scratch = useScratch()
  const readelf = (words: readonly string[], file: string) =>
    runTool('readelf', [...words, '-W', file]).toString()

  function assemble(): string {
    const file = join(scratch(), 'sample.ko')
    runTool('as', ['--64', '-o', file, '-'], { input: assembly })
    return file
  }

  it('leaves the sections, symbols and relocations that strip --strip-debug leaves', function () {
    if (process.arch !== 'x64') this.skip()
    const file = assemble()
    const ours = join(scratch(), 'ours.ko')
    const theirs = join(scratch(), 'theirs.ko')
    writeFileSync(ours, stripDebug(readFileSync(file), 'sample.ko'))
    runTool('strip', ['--strip-debug', '-o', theirs, file])
    const sections = (path: string) =>
      [...readelf(['-S'], path).matchAll(/\] (\.\S+) +(\S+) +\S+ \S+ (\S+)/g)]
        .map(([, name, type, size]) => `${name} ${type} ${/tab$/.test(name ?? '') ? '' : size}`)
        .sort()
    assert.ok(sections(file).some((line) => line.startsWith('.debug_info')))
    assert.deepEqual(sections(ours), sections(theirs))
    const relocations = (path: string) =>
      [...readelf(['-r'], path).matchAll(/^([0-9a-f]{16}) +\S+ +(R_\S+) +[0-9a-f]+ (.*)$/gm)].map((match) =>
        match.slice(1).join(' '),
      )
    assert.equal(relocations(ours).length, 3)
    assert.deepEqual(relocations(ours), relocations(theirs))
    const symbols = (path: string) =>
      [...readelf(['-s'], path).matchAll(/(LOCAL|GLOBAL) +\S+ +\S+ (\S+)$/gm)]
        .map(([, , name]) => name)
        .sort()
    assert.deepEqual(symbols(ours).filter(isNamed), symbols(theirs).filter(isNamed))
    assert.deepEqual(readModuleInfo(readFileSync(ours), 'sample.ko').depends, ['a', 'b_c'])
    assert.equal(readModuleInfo(readFileSync(ours), 'sample.ko').debugBytes, 0)
  })

  it('leaves a module without debug sections as it is', function () {
    if (process.arch !== 'x64') this.skip()
    const stripped = stripDebug(readFileSync(assemble()), 'sample.ko')
    assert.equal(stripDebug(stripped, 'sample.ko'), stripped)
  })
})

function isNamed(name: string | undefined): boolean {
  return /^\d+$/.test(name ?? '') ? false : !name?.startsWith('.')
}
