import assert from 'node:assert/strict'
import { filesOf, type NetworkOverride, type ServedFile } from '../../../../src/board/boot-plan.ts'
import {
  assertOverridden,
  overrideOptions,
  standaloneCommand,
} from '../../../../src/drivers/bootloader/barebox/override.ts'

function served(name: string): ServedFile {
  return { name, size: 1, sha256: '0'.repeat(64), crc32: 0 }
}

function override(parts: Partial<NetworkOverride>): NetworkOverride {
  return { server: { host: '10.0.2.2', port: 69 }, isWhole: false, needsChecksums: false, ...parts }
}

const barebox = {
  version: '2026.06.0',
  maximumLine: 1022,
  overrides: ['image', 'initrd', 'oftree'],
  facts: {},
} as const
const pathOf = ({ name }: ServedFile) => `/mnt/hil/${name}`
const options = (parts: Partial<NetworkOverride>) => overrideOptions(override(parts), barebox, pathOf)

describe('What barebox is told to override', () => {
  it('replaces the initrd by all files in their order', () => {
    assert.deepEqual(options({ initrd: { keepsOwn: false, files: [served('a'), served('b')] } }), [
      '-o bootm.initrd=/mnt/hil/a:/mnt/hil/b',
    ])
  })

  it('appends to the initrd there is, which an empty name in front stands for', () => {
    assert.deepEqual(options({ initrd: { keepsOwn: true, files: [served('a'), served('b')] } }), [
      '-o bootm.initrd=:/mnt/hil/a:/mnt/hil/b',
    ])
  })

  it('removes the initrd where nothing is left of it', () => {
    assert.deepEqual(options({ initrd: { keepsOwn: false, files: [] } }), ['-o bootm.initrd='])
  })

  it('lays overlays over the device tree there is, or over one that is given', () => {
    const overlays = [served('a.dtbo'), served('b.dtbo')]
    assert.deepEqual(options({ deviceTree: { base: 'own', overlays } }), [
      '-o bootm.oftree=:/mnt/hil/a.dtbo:/mnt/hil/b.dtbo',
    ])
    assert.deepEqual(options({ deviceTree: { base: served('x.dtb'), overlays } }), [
      '-o bootm.oftree=/mnt/hil/x.dtb:/mnt/hil/a.dtbo:/mnt/hil/b.dtbo',
    ])
  })

  it("takes the bootloader's live device tree where the entry's is removed", () => {
    assert.deepEqual(options({ deviceTree: { base: 'bootloader', overlays: [] } }), ['-o bootm.oftree='])
  })

  it('is refused by name where this build of barebox does not take it', () => {
    const old = { ...barebox, version: '2025.09.0', overrides: ['initrd', 'oftree'] as const }
    assert.throws(
      () => overrideOptions(override({ image: served('Image') }), old, pathOf),
      /2025\.09\.0 can't override bootm\.image: its "boot -o" takes initrd, oftree/,
    )
  })
})

describe('A payload that needs no normal boot', () => {
  const image = served('Image')
  const initrd = { keepsOwn: false, files: [served('initrd')] }

  it('is started by itself', () => {
    const whole = override({ image, initrd, isWhole: true })
    assert.equal(standaloneCommand(whole, pathOf), 'bootm -r /mnt/hil/initrd /mnt/hil/Image')
    assert.equal(
      standaloneCommand(override({ image, isWhole: true }), pathOf),
      'bootm /mnt/hil/Image',
      'a FIT with its own initrd',
    )
  })

  it('is not, when a part of a normal boot is kept, or bootm could not take it', () => {
    assert.equal(standaloneCommand(override({ image, initrd }), pathOf), undefined)
    const appended = { keepsOwn: true, files: initrd.files }
    assert.equal(standaloneCommand(override({ image, initrd: appended, isWhole: true }), pathOf), undefined)
    const two = { keepsOwn: false, files: [...initrd.files, served('more')] }
    assert.equal(standaloneCommand(override({ image, initrd: two, isWhole: true }), pathOf), undefined)
  })
})

describe('What barebox reports of overrides', () => {
  const both = override({
    image: served('Image'),
    deviceTree: { base: 'own', overlays: [served('led.dtbo')] },
  })
  const report = (...lines: string[]) => lines.map((line) => `[bootm override active] ${line}\n`).join('')

  it('is taken as evidence when every part is in it', () => {
    const lines = assertOverridden(
      both,
      'boot',
      report('replacement OS: File(a)', 'replacement FDT: File(b)'),
    )
    assert.deepEqual(lines, [
      '[bootm override active] replacement OS: File(a)',
      '[bootm override active] replacement FDT: File(b)',
    ])
  })

  it('fails the boot when a part is missing, by its name', () => {
    assert.throws(() => assertOverridden(both, 'boot mmc0', report('replacement OS: File(a)')), {
      code: 'boot.override-lost',
      message: /did not report bootm\.oftree as overridden/,
    })
  })

  it('fails the boot when an overlay could not be applied, for barebox goes on without it', () => {
    const output = `${report('replacement OS: a', 'replacement FDT: b')}failed to apply overlay "led.dtbo": Invalid argument\n`
    assert.throws(() => assertOverridden(both, 'boot mmc0', output), { code: 'boot.overlay-failed' })
  })
})

describe('The files of an override', () => {
  it('are each named once', () => {
    const file = served('Image')
    const all = filesOf(override({ image: file, initrd: { keepsOwn: false, files: [file, served('a')] } }))
    assert.deepEqual(
      all.map(({ name }) => name),
      ['Image', 'a'],
    )
  })
})
