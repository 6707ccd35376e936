import assert from 'node:assert/strict'
import { bareboxImage } from '../../../scripts/setup/places.mjs'
import { packCpio } from '../../../src/codecs/cpio/index.ts'
import { describeWith } from '../../support/requirements.ts'
import { writeFiles } from '../../support/environment-files.ts'
import { bootBoard, bootTimeoutMs, type BootOptions } from './boot-board.ts'
import { deadKernel } from './dead-kernel.ts'

/** A board without network. */
const withoutNetwork = (bootloader: string, firmware: string) =>
  `    machine: { driver: qemu, firmware: "${firmware}", network: false }\n    bootloader: ${bootloader}\n`

const uboot = withoutNetwork('uboot', '/usr/lib/u-boot/qemu_arm64/u-boot.bin')
const barebox = withoutNetwork('barebox', bareboxImage())

interface ConsoleBoot extends BootOptions {
  readonly content?: Uint8Array
  readonly timeouts?: string
}

/** Boots a kernel and an initramfs that come over the console. */
async function boot(board: string, options: ConsoleBoot = {}) {
  const { content = deadKernel(), timeouts = '{ states: { shell: 3s } }' } = options
  const init = { type: 'file', path: 'init', permissions: 0o755, data: Buffer.from('#!/bin/sh\n') } as const
  const initramfs = await packCpio([init])
  await using files = await writeFiles({ Image: content, 'initrd.cpio': initramfs })
  const payload = `{ kernel: "${files.path('Image')}", initrd: "${files.path('initrd.cpio')}" }`
  const yaml = `${board}    boot: { by: console, payload: ${payload} }\n    timeouts: ${timeouts}\n`
  return await bootBoard(yaml, options)
}

describeWith(['qemu'], 'A payload that goes to U-Boot over its console', function () {
  this.timeout(bootTimeoutMs)

  it('is proven by checksums, with its progress told', async () => {
    const { error, proofs, events } = await boot(uboot)
    assert.equal(error?.code, 'board.no-output', error?.message)
    assert.equal(proofs.at(-1)?.result, 'proven')
    const fetched = proofs.at(-1)?.links.filter(({ link }) => link === 'fetched') ?? []
    assert.deepEqual(
      fetched.map(({ file, status }) => `${file} ${status}`),
      ['Image proven', 'initrd.cpio.gz proven'],
    )
    assert.match(fetched[0]?.evidence ?? '', /CRC32/)
    const told = events.filter((event) => event.type === 'transfer-progress')
    const ends = told.filter(({ isOver }) => isOver).map(({ path, done, total }) => ({ path, done, total }))
    assert.deepEqual(ends[0], { path: 'Image', done: 8192, total: 8192 })
    assert.equal(ends.length, 2)
  })

  it('is given up once it is clear that its time is too short', async () => {
    const content = Buffer.concat([deadKernel(), Buffer.alloc(2 << 20)])
    const { error } = await boot(uboot, { content, timeouts: '{ states: { linux: 25s } }' })
    assert.equal(error?.code, 'boot.too-slow', error?.message)
    assert.equal(error.blame, 'environment')
    assert.match(error.message, /^Image goes over the console at \d+ kB a second and takes .* more, of which/)
  })
})

describeWith(['barebox'], 'A payload that goes to barebox over its console', function () {
  this.timeout(bootTimeoutMs)

  it('is proven by checksums, or refused in a sentence where that barebox has no loady', async () => {
    const { error, proofs } = await boot(barebox)
    if (error?.code === 'boot.unsupported') {
      assert.equal(error.blame, 'environment')
      assert.match(error.message, /^this bootloader has no loady, .* CONFIG_CMD_LOADY \(barebox\)/)
    } else {
      assert.equal(error?.code, 'board.no-output', error?.message)
      assert.equal(proofs.at(-1)?.result, 'proven')
    }
  })
})
