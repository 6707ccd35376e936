import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { adaptPayload } from '../../../src/build/adapt-payload.ts'
import { buildPayload } from '../../../src/build/build-payload.ts'
import type { PayloadRequest } from '../../../src/build/build-request.ts'
import { packCpio, readInitramfs, unpackInitramfs } from '../../../src/codecs/cpio/index.ts'
import { parseFdt } from '../../../src/codecs/fdt/index.ts'
import { applyOverrides, type Payload } from '../../../src/payload/index.ts'
import { runTool, useScratch } from '../codecs/oracle.ts'
import { payloadRequest } from './payload-request.ts'

/** An arm64 Image that only says its release. */
function kernelImage(): Buffer {
  const image = Buffer.alloc(4096)
  image.writeBigUInt64LE(4096n, 16)
  image.write('ARM\x64', 56, 'latin1')
  image.write('Linux version 6.1.0 (me@here) (gcc 12) #1 SMP\n\0', 128, 'latin1')
  return image
}

describe('A payload in the form that a bootloader can take', () => {
  const scratch = useScratch()

  function write(name: string, content: Uint8Array | string): string {
    mkdirSync(scratch(), { recursive: true })
    writeFileSync(join(scratch(), name), content)
    return join(scratch(), name)
  }

  const deviceTree = () => {
    const source = write(
      'board.dts',
      '/dts-v1/; / { compatible = "acme,one"; led: led { status = "okay"; }; };',
    )
    const blob = join(scratch(), 'board.dtb')
    runTool('dtc', ['-@', '-q', '-I', 'dts', '-O', 'dtb', '-o', blob, source])
    return blob
  }
  const overlay = () => write('led.dts', '/dts-v1/; /plugin/; &led { status = "disabled"; };')

  const board = (bootloader: 'barebox' | 'uboot' | undefined) => ({
    name: 'one',
    architecture: 'arm64',
    compatible: ['acme,one'],
    bootloader,
  })

  async function build(request: Partial<PayloadRequest>) {
    const output = join(scratch(), 'out')
    return buildPayload(payloadRequest(output, { board: board('barebox'), ...request }))
  }

  async function adapt(directory: string, payload: Payload, bootloader: 'barebox' | 'uboot' | undefined) {
    const adapted = await adaptPayload(directory, payload, board(bootloader), join(scratch(), 'adapted'))
    const bytes = (name: string | undefined) =>
      readFileSync(adapted.paths.get(name ?? '') ?? assert.fail(name))
    return { ...adapted, bytes }
  }

  const initrd = async (path: string) =>
    write(path, await packCpio([{ type: 'file', path, data: Buffer.from(path) }]))

  it('stays a FIT for barebox', async () => {
    const { directory, payload } = await build({
      from: { kernel: write('Image', kernelImage()) },
      deviceTrees: [deviceTree()],
    })
    assert.equal(payload.image?.artifact.kind, 'fit')
    const adapted = await adapt(directory, payload, 'barebox')
    assert.equal(adapted.payload, payload)
  })

  for (const bootloader of ['uboot', undefined] as const) {
    it(`is taken out of a FIT for ${bootloader ?? 'an emulator without bootloader'}`, async () => {
      const { directory, payload } = await build({
        from: { kernel: write('Image', kernelImage()) },
        deviceTrees: [deviceTree()],
        initrd: { keepsOwn: false, files: [await initrd('init')] },
      })
      const { payload: adapted, bytes } = await adapt(directory, payload, bootloader)
      assert.equal(adapted.image?.artifact.kind, 'kernel')
      assert.deepEqual(bytes(adapted.image.artifact.name), kernelImage())
      assert.ok(typeof adapted.deviceTree.base !== 'string')
      assert.equal(parseFdt(bytes(adapted.deviceTree.base.name)).root.children.has('led'), true)
      assert.equal(adapted.initrd.keepsOwn, false)
      assert.equal(adapted.initrd.parts.length, 1)
      const whole = unpackInitramfs(await readInitramfs(bytes(adapted.initrd.parts[0]?.name)))
      assert.ok([...whole.list()].some(([path]) => path === 'init'))
    })
  }

  it('has a bare kernel for U-Boot, which can not unpack one', async () => {
    const { directory, payload } = await build({
      from: { kernel: write('Image.gz', gzipSync(kernelImage())) },
      format: 'files',
    })
    const { payload: adapted, bytes } = await adapt(directory, payload, 'uboot')
    assert.deepEqual(bytes(adapted.image?.artifact.name), kernelImage())
    const kept = await adapt(directory, payload, 'barebox')
    assert.equal(kept.payload.image?.artifact.name, 'Image.gz')
  })

  it('has the overlays for the device tree of a FIT merged here, for barebox would boot without one that fails', async () => {
    const base = await build({
      from: { kernel: write('Image', kernelImage()) },
      deviceTrees: [deviceTree()],
    })
    const blob = join(base.directory, 'led.dtbo')
    runTool('dtc', ['-@', '-q', '-I', 'dts', '-O', 'dtb', '-o', blob, overlay()])
    const { image } = base.payload
    const file = { ...(image?.artifact ?? assert.fail()), kind: 'overlay' as const, name: 'led.dtbo' }
    const payload = applyOverrides(base.payload, [{ part: 'overlay', file }])
    const { payload: adapted, bytes } = await adapt(base.directory, payload, 'barebox')
    assert.equal(adapted.image, image)
    assert.deepEqual(adapted.deviceTree.overlays, [])
    assert.ok(typeof adapted.deviceTree.base !== 'string')
    const led = parseFdt(bytes(adapted.deviceTree.base.name)).root.children.get('led')
    assert.equal(Buffer.from(led?.properties.get('status') ?? []).toString(), 'disabled\0')
  })

  it('is refused where only a bootloader could do it', async () => {
    const appended = await build({ initrd: { keepsOwn: true, files: [await initrd('more')] } })
    await assert.rejects(adapt(appended.directory, appended.payload, undefined), {
      code: 'payload.initrd-appended',
      message:
        /one, which has no bootloader .* can't append initrd\.cpio\.gz to an initrd of the board's own/,
    })
    assert.deepEqual((await adapt(appended.directory, appended.payload, 'uboot')).payload, appended.payload)
    assert.equal((await adapt(appended.directory, appended.payload, 'barebox')).payload, appended.payload)

    const overlaid = await build({ overlays: [overlay()], initrd: { keepsOwn: true, files: [] } })
    await assert.rejects(adapt(overlaid.directory, overlaid.payload, 'uboot'), {
      code: 'payload.overlay-without-tree',
    })
  })

  it('is made once', async () => {
    const { directory, payload } = await build({
      from: { kernel: write('Image', kernelImage()) },
      deviceTrees: [deviceTree()],
    })
    const first = await adapt(directory, payload, 'uboot')
    const second = await adapt(directory, payload, 'uboot')
    assert.deepEqual(second.payload, first.payload)
  })
})
