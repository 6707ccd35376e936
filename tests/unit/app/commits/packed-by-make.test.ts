import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { readRange } from '../../../../src/app/bisect/git/commit-range.ts'
import { openRepository } from '../../../../src/app/commits/git/repository.ts'
import { CommitBuilder } from '../../../../src/app/commits/commit-builder.ts'
import { kernelRecipe } from '../../../../src/app/commits/kernel-recipe.ts'
import { takesImageFit } from '../../../../src/app/commits/packed-by-make.ts'
import { Worktree } from '../../../../src/app/commits/worktree/worktree.ts'
import { readPayloadFile } from '../../../../src/build/payload-file.ts'
import { collect } from '../../../../src/codecs/byte-source.ts'
import { packCpio } from '../../../../src/codecs/cpio/index.ts'
import { createFit } from '../../../../src/codecs/fit/index.ts'
import { startDeadline, type Deadline } from '../../../../src/core/deadline.ts'
import { noPayload } from '../../../../src/environment/payload-settings.ts'
import { fakeConfig, fakeKernelTree } from '../../../support/bisect/fake-kernel-tree.ts'
import { useCacheHome } from '../../../support/cache-home.ts'
import { FakeBoard, fakeEnvironment } from '../../../support/fake-board.ts'
import { GitHistory, type Files } from '../../../support/git-history.ts'
import { describeWith } from '../../../support/requirements.ts'
import { moduleFile } from '../../build/module-file.ts'
import { configuration, deviceTree, tree } from '../../codecs/fit/samples.ts'
import { useScratch } from '../../codecs/oracle.ts'

const release = '6.1.0-test'

describeWith(['git', 'make'], 'what the make of a kernel tree packs itself', () => {
  let t: Deadline
  let history: GitHistory
  let builder: CommitBuilder | undefined

  afterEach(async () => {
    await builder?.close()
    builder = undefined
    t[Symbol.dispose]()
  })

  const scratch = useScratch()
  useCacheHome(() => join(scratch(), 'cache'))

  beforeEach(async () => {
    t = startDeadline(60_000, 'the test')
    history = new GitHistory(join(scratch(), 'linux'))
    await makeParts()
  })

  const log = () => join(scratch(), 'log')
  const [fake = assert.fail()] = fakeEnvironment({ one: new FakeBoard() }).boards

  function boardWith(bootloader: string, compatible = 'fake,one') {
    assert.ok(fake.bootloader)
    const driver = { ...fake.bootloader.driver, name: bootloader }
    return { ...fake, compatible: [compatible], bootloader: { ...fake.bootloader, driver } }
  }

  /** What the fake make copies: FITs of the same kernel, of which each tells another time, and an archive of modules. */
  async function makeParts(): Promise<void> {
    const parts = join(scratch(), 'parts')
    mkdirSync(parts)
    const board = deviceTree('A board', 'fake,one')
    writeFileSync(join(parts, 'board.dtb'), board)
    for (const [index, name] of ['early', 'late'].entries()) {
      const kernel = gzipSync(fakeKernelTree('x')['image.base'] ?? '')
      kernel.writeUInt32LE(1_000_000 + index, 4)
      const source = await createFit({
        ...{ description: 'Linux', timestamp: 2_000_000 + index },
        images: [
          {
            name: 'kernel',
            type: 'kernel',
            architecture: 'arm64',
            os: 'linux',
            compression: 'gzip',
            data: kernel,
          },
          tree('fdt-1', board),
        ],
        configurations: [configuration('conf-1', 'fdt-1', 'fake,one')],
      })
      writeFileSync(join(parts, `${name}.fit`), await collect(source.open(), 1 << 20))
    }
    const module = { type: 'file' as const, path: `lib/modules/${release}/kernel/signed.ko` }
    writeFileSync(
      join(parts, 'modules.cpio'),
      await packCpio([{ ...module, data: moduleFile(`vermagic=${release} SMP`) }]),
    )
  }

  /** A tree that knows both targets; what is in `code` says which FIT it makes, and `unpackable` fails to make one. */
  function packingTree(code: string): Files {
    const files = fakeKernelTree(code)
    const parts = join(scratch(), 'parts')
    return {
      ...files,
      Kconfig: 'RD_GZIP\nMODULES\n',
      'arch/arm64/Makefile': 'BOOT_TARGETS := Image image.fit\n',
      'scripts/Makefile.package': 'modules-cpio-pkg:\n',
      Makefile: `${files['Makefile']}
.PHONY: image.fit modules-cpio-pkg
image.fit: Image
	@if grep -q unpackable code; then echo 'error: no FIT today' >&2; exit 1; fi
	@mkdir -p $(boot)/dts && cp ${parts}/board.dtb $(boot)/dts
	@cp ${parts}/$$(cat code).fit $(boot)/image.fit
modules-cpio-pkg:
	@cp ${parts}/modules.cpio $(O)/modules-${release}$(LOCALVERSION)-$(ARCH).cpio
`,
    }
  }

  async function build(commit: string, board: ReturnType<typeof boardWith>, { packs = true } = {}) {
    await builder?.close()
    const repository = await openRepository(history.directory, t)
    const first = history.git('rev-list', '--max-parents=0', 'HEAD')
    const ends = { earlier: [first], mergeBases: [], later: history.head() }
    const range = await readRange(repository, ends, { firstParent: false, paths: [], origins: false })
    const recipe = kernelRecipe({
      ...{ config: `${fakeConfig}CONFIG_MODULES=y\n`, architecture: 'arm64', packs },
      toolchain: { variables: ['ARCH=arm64'], identity: 'gcc 12' },
      ...{ key: {}, bootargs: [], files: [], settings: () => noPayload },
    })
    builder = new CommitBuilder(await Worktree.open(repository, ends.later), range.trees, recipe, [board])
    writeFileSync(log(), '')
    const built = await builder.build(commit, log(), t)
    const targets = [...readFileSync(log(), 'utf8').matchAll(/^\$ make .* (\S+)$/gm)].map(([, last]) => last)
    const made = 'identity' in built ? await readPayloadFile(built.payloadFor(board)) : undefined
    return { built, payload: made, targets: targets.map((each) => each?.replace(/^-j\d+$/, 'all')) }
  }

  it('is what a board boots that takes a FIT, and the same for the same kernel at any time', async () => {
    const early = history.commit('first', packingTree('early'))
    const late = history.commit('second', { code: 'late' })
    const first = await build(early, boardWith('barebox'))
    assert.deepEqual(first.targets, ['olddefconfig', 'image.fit', 'modules-cpio-pkg'])
    assert.equal(first.payload?.image?.artifact.kind, 'fit')
    assert.equal(first.payload.kernel.release, release)
    assert.deepEqual(first.payload.kernel.unpacks, ['gzip'], 'the configuration of the build is known')
    assert.match(first.payload.initrd.parts[0]?.origin.path ?? '', /modules-6\.1\.0-test-arm64\.cpio$/)
    const second = await build(late, boardWith('barebox'))
    assert.ok('identity' in first.built && 'identity' in second.built)
    assert.equal(second.built.identity, first.built.identity)
  })

  it('is left aside where the tree does not know how, or the boards boot loose files', async () => {
    const old = history.commit('old', fakeKernelTree('early'))
    const other = history.commit('new', packingTree('early'))
    const unknown = await build(old, boardWith('barebox'))
    assert.deepEqual(unknown.targets, ['olddefconfig', 'all'])
    assert.equal(unknown.payload?.image?.artifact.kind, 'kernel')
    assert.deepEqual((await build(other, boardWith('uboot'), { packs: false })).targets, [
      'olddefconfig',
      'all',
    ])
    const beside = await build(other, boardWith('uboot'))
    assert.equal(beside.payload?.image?.artifact.kind, 'kernel', 'beside a board that takes a FIT')
    const foreign = await build(other, boardWith('barebox', 'acme,other'))
    assert.equal(foreign.payload?.image?.artifact.kind, 'kernel', 'its device tree is not in the FIT')
  })

  it('costs no commit its test: where only the packing fails, hil packs, and says so', async () => {
    history.commit('first', packingTree('early'))
    const unpackable = history.commit('second', { code: 'unpackable' })
    const broken = history.commit('third', { code: 'broken' })
    const own = await build(unpackable, boardWith('barebox'))
    assert.deepEqual(own.targets, ['olddefconfig', 'image.fit', 'all'])
    assert.ok('identity' in own.built)
    assert.deepEqual(own.built.notes.slice(-1), [
      '"make image.fit" fails here, so hil packed the kernel itself: error: no FIT today',
    ])
    const none = await build(broken, boardWith('barebox'))
    assert.ok('obstacle' in none.built)
    assert.match(none.built.obstacle, /^it does not build .*: code:3:5: error: unknown type name 'broken'$/)
  })

  it('is wanted by boards with barebox that have no other device tree than the tree’s', () => {
    const takes = (bootloader: string, given: object) =>
      takesImageFit(boardWith(bootloader), { ...noPayload, ...given })
    assert.equal(takes('barebox', {}), true)
    assert.equal(takes('barebox', { format: 'fit' }), true)
    assert.equal(takes('barebox', { format: 'files' }), false)
    assert.equal(takes('barebox', { deviceTrees: ['/own.dtb'] }), false)
    assert.equal(takes('barebox', { overlays: ['/own.dtbo'] }), false)
    assert.equal(takes('uboot', { format: 'fit' }), false)
  })
})
