import assert from 'node:assert/strict'
import { payloadError } from '../../../src/codecs/payload-error.ts'
import type { KernelImage } from '../../../src/codecs/kernel-image/index.ts'
import {
  preflight,
  stockPayload,
  type Artifact,
  type BoardFacts,
  type InitramfsContents,
  type InitrdContents,
  type Payload,
  type PayloadContents,
} from '../../../src/payload/index.ts'

const release = '7.2.13'
const board: BoardFacts = {
  name: 'rock3a',
  architecture: 'arm64',
  compatible: ['radxa,rock3a', 'rockchip,rk3568'],
  bootloader: 'barebox',
  memoryBytes: undefined,
}
const kernel: KernelImage = {
  layers: ['arm64-image'],
  architecture: 'arm64',
  memorySize: 40 << 20,
  textOffset: 0,
  endianness: 'little',
  pageSize: 4096,
  placedAnywhere: true,
  efiStub: true,
  release,
  banner: undefined,
  buildId: undefined,
}
const image: Artifact = {
  kind: 'kernel',
  name: 'Image',
  size: 1,
  sha256: '0'.repeat(64),
  crc32: 0,
  origin: { kind: 'file', path: 'Image' },
}
const initrd: InitrdContents = {
  name: 'initrd.cpio.gz',
  size: 1000,
  compressions: ['gzip'],
  failure: undefined,
  hasForeignXzCheck: false,
}
const initramfs: InitramfsContents = {
  unpackedBytes: 2000,
  init: 'executable',
  modules: [],
  skipped: [],
  replacedLinks: [],
}
const module = {
  path: `lib/modules/${release}/kernel/a.ko`,
  release,
  vermagic: `${release} SMP`,
  architecture: 'arm64',
  isCompressed: false,
} as const
const payload: Payload = {
  ...stockPayload,
  image: { artifact: image, brings: { deviceTree: false, initrd: false } },
  initrd: { keepsOwn: false, parts: [{ ...image, kind: 'initrd', name: initrd.name }] },
  kernel: { ...stockPayload.kernel, architecture: 'arm64', release, unpacks: ['gzip', 'zstd'] },
}
const contents: PayloadContents = {
  image: { name: 'Image', size: 40 << 20, kernel },
  deviceTrees: [],
  initrds: [initrd],
  initramfs: { ...initramfs, modules: [module] },
}

interface Change {
  readonly payload?: Partial<Payload>
  readonly contents?: Partial<PayloadContents>
  readonly board?: Partial<BoardFacts>
}

function codes(change: Change = {}): string[] {
  return preflight({
    payload: { ...payload, ...change.payload },
    contents: { ...contents, ...change.contents },
    board: { ...board, ...change.board },
  }).map(({ severity, code }) => `${severity} ${code}`)
}

const withImage = (given: Partial<KernelImage>): Change => ({
  contents: { image: { name: 'Image', size: 1, kernel: { ...kernel, ...given } } },
})
const withInitrd = (given: Partial<InitrdContents>): Change => ({
  contents: { initrds: [{ ...initrd, ...given }] },
})
const withInitramfs = (given: Partial<InitramfsContents>): Change => ({
  contents: { initramfs: { ...initramfs, ...given } },
})
const withTree = (...compatible: string[]): Change => ({
  contents: { deviceTrees: [{ name: 'a.dtb', isOverlay: false, compatible }] },
})
const named = (name: string): Change => ({
  payload: { image: { artifact: { ...image, name }, brings: { deviceTree: false, initrd: false } } },
})
const damaged = payloadError('initramfs.junk', 'junk', { kernelSays: 'junk within compressed archive' })

describe('the check of a payload', () => {
  it('finds nothing wrong with one that fits', () => {
    assert.deepEqual(codes(), [])
    assert.deepEqual(codes(withTree('radxa,rock3a', 'rockchip,rk3568')), [])
  })

  const cases: [what: string, change: Change, found: string][] = [
    ['a kernel for another architecture', withImage({ architecture: 'arm' }), 'error kernel.architecture'],
    ['a kernel that was replaced by hand', withImage({ release: '6.1' }), 'error kernel.release'],
    ['a compressor that the kernel lacks', withInitrd({ compressions: ['xz'] }), 'error initrd.compression'],
    ['lz4 that Linux does not read', withInitrd({ compressions: ['lz4-frame'] }), 'error initrd.lz4-frame'],
    ['an xz checksum that Linux lacks', withInitrd({ hasForeignXzCheck: true }), 'error initrd.xz-check'],
    ['junk between archives', withInitrd({ failure: damaged }), 'error initramfs.junk'],
    ['an initramfs without init', withInitramfs({ init: 'missing' }), 'error initramfs.no-init'],
    ['an init that can not run', withInitramfs({ init: 'not-executable' }), 'error initramfs.init-mode'],
    [
      'files whose directory is missing',
      withInitramfs({ skipped: [{ path: 'a/b', reason: 'parent missing' }] }),
      'warning initramfs.skipped',
    ],
    [
      'a directory in place of the link lib',
      withInitramfs({ replacedLinks: ['lib'] }),
      'warning initramfs.link-replaced',
    ],
    [
      'modules of another release',
      withInitramfs({ modules: [{ ...module, release: '6.1' }] }),
      'error modules.release',
    ],
    [
      'a vermagic of another kernel',
      withInitramfs({ modules: [{ ...module, vermagic: '7.2.13+ SMP' }] }),
      'error modules.vermagic',
    ],
    [
      'modules of an initrd that was appended to',
      withInitramfs({ modules: [module, { ...module, release: '6.1', vermagic: undefined }] }),
      'warning modules.other-release',
    ],
    ["another board's device tree", withTree('acme,other'), 'error device-tree.compatible'],
    ['a sister board', withTree('radxa,rock3b', 'rockchip,rk3568'), 'warning device-tree.less-specific'],
    ['a name with @, where barebox begins the configuration', named('a@b'), 'error name.unusable'],
    ['a name with a space', named('a b'), 'error name.unusable'],
    [
      'an initramfs larger than half of the memory',
      { ...withInitramfs({ unpackedBytes: 300 << 20 }), board: { memoryBytes: 512 << 20 } },
      'error memory.initramfs',
    ],
  ]
  for (const [what, change, found] of cases) {
    it(`tells of ${what}`, () => assert.ok(codes(change).includes(found), `${codes(change).join(', ')}`))
  }

  it("warns of an archive that begins where the board's own initrd happens to end", () => {
    const appended = { initrd: { ...payload.initrd, keepsOwn: true } }
    const change = { payload: appended, ...withInitrd({ compressions: ['none'] }) }
    assert.ok(codes(change).includes('warning initrd.appended-bare'))
  })

  it('expects no /init of what is only appended', () => {
    const appended = { initrd: { ...payload.initrd, keepsOwn: true } }
    assert.deepEqual(codes({ payload: appended, ...withInitramfs({ init: 'missing' }) }), [])
  })

  it('says with every finding what to do, and errors first', () => {
    const found = preflight({
      payload,
      contents: {
        ...contents,
        deviceTrees: [{ name: 'a.dtb', isOverlay: false, compatible: ['x,y', 'rockchip,rk3568'] }],
        initramfs: { ...initramfs, init: 'missing' },
      },
      board,
    })
    assert.deepEqual(
      found.map(({ severity }) => severity),
      ['error', 'warning'],
    )
    for (const { remedy } of found) assert.ok(remedy.length > 0)
  })
})
