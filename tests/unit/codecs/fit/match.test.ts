import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import { matchFit, openFit, type FitBootloader, type FitSource } from '../../../../src/codecs/fit/index.ts'
import { configuration, deviceTree, kernel, packed, tree } from './samples.ts'

const plain = deviceTree('Acme', 'acme,board')
const images = [
  kernel,
  tree('fdt-1', plain),
  tree('fdt-2', deviceTree('Other', 'other,board')),
  tree('packed', gzipSync(plain), 'gzip'),
]

async function match(bootloader: FitBootloader, board: string[], source: Partial<FitSource>) {
  const fit = await packed({ images, ...source })
  const { configuration, how, matched, warnings } = await matchFit(fit, await openFit(fit), {
    board,
    bootloader,
  })
  return { configuration, how, matched, warnings: warnings.map(({ code }) => code) }
}

describe('the configuration that barebox takes', () => {
  const board = ['acme,board-rev2', 'acme,board']
  const barebox = (configurations: FitSource['configurations'], rest: Partial<FitSource> = {}) =>
    match('barebox', board, { configurations, ...rest })

  it('is the one that lists the first string of its compatible earliest', async () => {
    const configurations = [
      configuration('conf-1', 'fdt-1', 'x', 'acme,board-rev2'),
      configuration('conf-2', 'fdt-1', 'acme,board-rev2'),
    ]
    assert.deepEqual(await barebox(configurations), {
      configuration: 'conf-2',
      how: 'compatible',
      matched: 'acme,board-rev2',
      warnings: [],
    })
  })

  it('is found without regard to case, and only where there is a kernel', async () => {
    const { kernel: _, ...kernelless } = configuration('conf-1', 'fdt-1', 'acme,board-rev2')
    const { configuration: found } = await barebox([
      kernelless,
      configuration('conf-2', 'fdt-1', 'ACME,Board-Rev2'),
    ])
    assert.equal(found, 'conf-2')
  })

  it('is the first of several that are equally good, with a warning', async () => {
    const twins = ['conf-1', 'conf-2'].map((name) => configuration(name, 'fdt-1', 'acme,board-rev2'))
    const { configuration: found, warnings } = await barebox(twins)
    assert.deepEqual([found, warnings], ['conf-1', ['ambiguous']])
  })

  it('is none for the second string of its compatible, and the warning says so', async () => {
    assert.deepEqual(await barebox([configuration('conf-1', 'fdt-1', 'acme,board')]), {
      configuration: undefined,
      how: 'none',
      matched: undefined,
      warnings: ['no-match', 'later-string'],
    })
  })

  it("is the default when nothing fits, which may be another board's", async () => {
    const configurations = [configuration('conf-1', 'fdt-2', 'other,board')]
    const {
      configuration: found,
      how,
      warnings,
    } = await barebox(configurations, { defaultConfiguration: 'conf-1' })
    assert.deepEqual([found, how, warnings], ['conf-1', 'default', ['default-only']])
  })

  it('is found by the device tree where it has no compatible, unless that is compressed', async () => {
    const found = await match('barebox', ['acme,board'], {
      configurations: [
        configuration('conf-1', 'packed'),
        configuration('conf-2', 'fdt-2'),
        configuration('conf-3', 'fdt-1'),
      ],
    })
    assert.deepEqual([found.configuration, found.warnings], ['conf-3', ['compressed-tree']])
  })

  it('is used without overlays and loadables, which the warnings say', async () => {
    const full = {
      ...configuration('conf-1', 'fdt-1', 'acme,board-rev2'),
      fdt: ['fdt-1', 'fdt-2'],
      loadables: ['packed'],
    }
    assert.deepEqual((await barebox([full])).warnings, ['overlays-ignored', 'loadables-ignored'])
    assert.deepEqual((await match('uboot', board, { configurations: [full] })).warnings, [])
  })
})

describe('the configuration that U-Boot takes', () => {
  const configurations = [
    configuration('conf-1', 'fdt-2', 'other,board', 'acme,soc'),
    configuration('conf-2', 'fdt-1', 'acme,board'),
    configuration('conf-3', 'fdt-1', 'acme,board'),
  ]

  it('is the one that lists the earliest string of its compatible', async () => {
    assert.deepEqual(
      await match('uboot', ['acme,board-rev2', 'acme,board', 'acme,soc'], { configurations }),
      {
        configuration: 'conf-2',
        how: 'compatible',
        matched: 'acme,board',
        warnings: ['ambiguous'],
      },
    )
    assert.equal((await match('uboot', ['acme,soc'], { configurations })).configuration, 'conf-1')
  })

  it('is compared with regard to case', async () => {
    assert.equal((await match('uboot', ['ACME,board'], { configurations })).how, 'none')
  })

  it('may be the default, which depends on how U-Boot was built', async () => {
    const { how, warnings } = await match('uboot', ['nobody'], {
      configurations,
      defaultConfiguration: 'conf-1',
    })
    assert.deepEqual([how, warnings], ['default', ['default-only']])
  })

  it('has its ramdisk unpacked by U-Boot when that is declared as compressed', async () => {
    const ramdisk = { name: 'ramdisk', type: 'ramdisk', compression: 'gzip', data: gzipSync('x') }
    const found = await match('uboot', ['acme,board'], {
      images: [...images, ramdisk],
      configurations: [{ ...configuration('conf-1', 'fdt-1', 'acme,board'), ramdisk: ['ramdisk'] }],
    })
    assert.deepEqual(found.warnings, ['ramdisk-compression'])
  })
})
