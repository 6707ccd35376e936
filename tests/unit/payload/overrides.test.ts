import assert from 'node:assert/strict'
import {
  applyOverrides,
  artifactsOf,
  devbootName,
  devbootScript,
  parseInitrdList,
  stockPayload,
  type Artifact,
  type ArtifactKind,
  type Override,
} from '../../../src/payload/index.ts'

function artifact(kind: ArtifactKind, name: string): Artifact {
  const sha256 = Buffer.from(name).toString('hex').padEnd(64, '0').slice(0, 64)
  return { kind, name, size: 1, sha256, crc32: 1, origin: { kind: 'file', path: name } }
}

const kernel: Override = {
  part: 'image',
  image: { artifact: artifact('kernel', 'Image'), brings: { deviceTree: false, initrd: false } },
  kernel: { ...stockPayload.kernel, release: '7.2' },
}
const fit: Override = {
  part: 'image',
  image: { artifact: artifact('fit', 'image.fit'), brings: { deviceTree: true, initrd: true } },
  kernel: stockPayload.kernel,
}
const initrd: Override = { part: 'initrd', file: artifact('initrd', 'new.cpio') }
const appended: Override = { part: 'initrd-appended', file: artifact('initrd', 'more.cpio') }
const tree: Override = { part: 'device-tree', use: artifact('device-tree', 'board.dtb') }
const overlay: Override = { part: 'overlay', file: artifact('overlay', 'cape.dtbo') }

describe('overrides', () => {
  it('leave everything else to the board when only the kernel is replaced', () => {
    const payload = applyOverrides(stockPayload, [kernel])
    assert.equal(payload.kernel.release, '7.2')
    assert.deepEqual(payload.initrd, stockPayload.initrd)
    assert.deepEqual(payload.deviceTree, stockPayload.deviceTree)
  })

  it('take initrd and device tree of a FIT in place of those given before', () => {
    const base = applyOverrides(stockPayload, [initrd, tree])
    const payload = applyOverrides(base, [fit])
    assert.deepEqual(
      artifactsOf(payload).map(({ name }) => name),
      ['image.fit'],
    )
  })

  it('are applied in the order of barebox: an initrd beside a FIT replaces that of the FIT', () => {
    const names = (overrides: Override[]) =>
      applyOverrides(stockPayload, overrides).initrd.parts.map(({ name }) => name)
    assert.deepEqual(names([initrd, fit]), ['new.cpio'])
    assert.deepEqual(names([appended, initrd]), ['new.cpio', 'more.cpio'])
  })

  it('append to what is there, and remove it', () => {
    assert.equal(applyOverrides(stockPayload, [appended]).initrd.keepsOwn, true)
    const removed = applyOverrides(stockPayload, [{ part: 'initrd', file: undefined }])
    assert.deepEqual(removed.initrd, { keepsOwn: false, parts: [] })
  })

  it('drop overlays with the device tree that they were made for', () => {
    const base = applyOverrides(stockPayload, [tree, overlay])
    assert.equal(applyOverrides(base, [tree]).deviceTree.overlays.length, 0)
  })

  it('give another nonce to whatever differs, and the same to what does not', () => {
    const nonce = (overrides: Override[]) => applyOverrides(stockPayload, overrides).nonce
    const all = [
      [kernel],
      [kernel, initrd],
      [kernel, appended],
      [kernel, { part: 'bootargs', add: ['x'] } as const],
    ]
    assert.equal(new Set(all.map(nonce)).size, all.length)
    assert.equal(nonce([kernel, initrd]), nonce([initrd, kernel]))
    assert.deepEqual(applyOverrides(stockPayload, []), stockPayload)
  })

  it('read lists as barebox writes them', () => {
    assert.deepEqual(parseInitrdList(':a:b'), { keepsOwn: true, files: ['a', 'b'] })
    assert.deepEqual(parseInitrdList('a'), { keepsOwn: false, files: ['a'] })
    assert.deepEqual(parseInitrdList(''), { keepsOwn: false, files: [] })
  })
})

describe("a script for barebox's devboot", () => {
  const script = (overrides: Override[]) => devbootScript(applyOverrides(stockPayload, overrides)).split('\n')

  it('is found under the name that barebox asks for', () => {
    assert.equal(devbootName({ user: 'none', host: 'rock3a' }), 'none-devboot-rock3a')
  })

  it('does not speak of what it does not use: a variable that is set counts, even when it is empty', () => {
    const lines = script([kernel])
    assert.ok(lines.includes("devboot_image='Image'"))
    assert.ok(!lines.some((line) => /devboot_(?:initrd|oftree)/.test(line)))
  })

  it('keeps, replaces and removes by the place of the colons', () => {
    assert.ok(script([appended]).includes("devboot_initrd=':more.cpio'"))
    assert.ok(script([initrd]).includes("devboot_initrd='new.cpio'"))
    assert.ok(script([{ part: 'initrd', file: undefined }]).includes("devboot_initrd=''"))
    assert.ok(script([overlay]).includes("devboot_oftree=':cape.dtbo'"))
    assert.ok(script([tree, overlay]).includes("devboot_oftree='board.dtb:cape.dtbo'"))
    assert.ok(script([{ part: 'device-tree', use: 'bootloader' }]).includes("devboot_oftree=''"))
  })

  it('puts bootargs and nonce into the command line, and refuses quotes that would get lost', () => {
    const payload = applyOverrides(stockPayload, [{ part: 'bootargs', add: ['loglevel=7'] }])
    assert.ok(
      devbootScript(payload).includes(
        `global linux.bootargs.dyn.hil='loglevel=7 hil.payload=${payload.nonce}'`,
      ),
    )
    assert.throws(() => script([{ part: 'bootargs', add: ["x='y z'"] }]), { code: 'payload.unquotable' })
  })
})
