import assert from 'node:assert/strict'
import { gunzipSync, gzipSync } from 'node:zlib'
import { collect, type ByteSource } from '../../../../src/codecs/byte-source.ts'
import { fromText, packFdt } from '../../../../src/codecs/fdt/index.ts'
import {
  buildFit,
  createFit,
  gzipCompressor,
  hashContent,
  hashSizes,
  imageOf,
  openFit,
  storedData,
  trimFit,
  unpackedData,
  verifyFit,
  type FitBuild,
  type FitImage,
  type HashAlgorithm,
} from '../../../../src/codecs/fit/index.ts'
import { randomAccess } from '../../../../src/codecs/random-access.ts'
import { configuration, deviceTree, kernel, pack, packed, tree } from './samples.ts'

const algorithms = Object.keys(hashSizes) as HashAlgorithm[]

describe('a FIT', () => {
  it('gives back what was put in, in its order', async () => {
    const source = await packed({
      images: [
        { ...kernel, type: 'kernel', load: 0x40200000n, entry: 0x40200040n, hashes: ['sha256'] },
        tree('fdt-1', deviceTree('Acme', 'acme,board')),
        { name: 'ramdisk', type: 'ramdisk', data: 'initrd' },
      ],
      configurations: [
        {
          ...configuration('conf-1', 'fdt-1', 'acme,b', 'acme,a'),
          ramdisk: ['ramdisk'],
          loadables: ['fdt-1'],
        },
      ],
      defaultConfiguration: 'conf-1',
    })
    const fit = await openFit(source)
    assert.deepEqual([fit.description, fit.timestamp, fit.defaultConfiguration], ['test', 1, 'conf-1'])
    assert.deepEqual([...fit.images.keys()], ['kernel', 'fdt-1', 'ramdisk'])
    assert.deepEqual(fit.configurations.get('conf-1'), {
      name: 'conf-1',
      description: 'conf-1',
      compatible: ['acme,b', 'acme,a'],
      kernel: 'kernel',
      firmware: undefined,
      fdt: ['fdt-1'],
      ramdisk: ['ramdisk'],
      loadables: ['fdt-1'],
      signatures: [],
    })
    const { type, load, entry, compression, hashes } = imageOf(fit, 'kernel')
    assert.deepEqual(
      [type, load, entry, compression, hashes.length],
      ['kernel', 0x40200000n, 0x40200040n, 'none', 1],
    )
    assert.equal(Buffer.from(await unpackedData(source, imageOf(fit, 'ramdisk'))).toString(), 'initrd')
  })

  it('takes addresses beyond 4 GiB', async () => {
    const fit = await openFit(await packed({ images: [{ ...kernel, load: 0x1_0000_0000n, entry: 8n }] }))
    assert.deepEqual([fit.images.get('kernel')?.load, fit.images.get('kernel')?.entry], [0x1_0000_0000n, 8n])
  })

  it('is refused when it is only a device tree, or a property is not what it should be', async () => {
    await assert.rejects(openFit(randomAccess(deviceTree('Acme', 'acme'))), {
      code: 'fit.no-fit',
      blame: 'payload',
    })
    const image = {
      name: 'kernel',
      properties: new Map([['type', Buffer.from('no end')]]),
      children: new Map(),
    }
    const images = { name: 'images', properties: new Map(), children: new Map([['kernel', image]]) }
    const fit = packFdt({
      root: { name: '', properties: new Map(), children: new Map([['images', images]]) },
    })
    await assert.rejects(openFit(randomAccess(fit)), {
      code: 'fit.malformed',
      message: /at \/images\/kernel:/,
    })
  })

  it('is not made with names that do not fit together, or a time that it can not hold', async () => {
    const refuse = async (source: Parameters<typeof pack>[0], message: RegExp) => {
      await assert.rejects(pack(source), { code: 'fit.invalid', message })
    }
    for (const timestamp of [-1, 2 ** 32, 1.5]) await refuse({ timestamp }, /the timestamp/)
    await refuse({ images: [kernel, kernel] }, /image name "kernel" is used twice/)
    await refuse({ images: [{ ...kernel, name: 'kernel@1' }] }, /"kernel@1" is no name/)
    await refuse({ configurations: [configuration('conf-1', 'fdt-1')] }, /conf-1 names the image kernel/)
    await refuse({ defaultConfiguration: 'conf-9' }, /default configuration conf-9/)
  })

  describe('with hashes', () => {
    it('is verified with all that there are, over the data as they are stored', async () => {
      const data = gzipSync('x'.repeat(100_000))
      const source = await packed({ images: [{ ...kernel, compression: 'gzip', data, hashes: algorithms }] })
      const { checks, ok, withoutHash } = await verifyFit(source, await openFit(source))
      assert.deepEqual(
        checks.map(({ algorithm, result }) => [algorithm, result]),
        algorithms.map((each) => [each, 'ok']),
      )
      assert.deepEqual([ok, withoutHash], [true, []])
    })

    it('knows the values that the algorithms are defined by', async () => {
      const digests = await hashContent(streamOf(Buffer.from('123456789'), 2), algorithms)
      const hex = (algorithm: HashAlgorithm) => Buffer.from(digests.get(algorithm) ?? []).toString('hex')
      assert.equal(hex('crc16-ccitt'), '31c3')
      assert.equal(hex('crc32'), 'cbf43926')
      assert.equal(hex('md5'), '25f9e794323b453885f5181f1b624d0b')
      for (const algorithm of algorithms) assert.equal(hex(algorithm).length, 2 * hashSizes[algorithm])
    })

    it('is verified once where images share their data, and not where these overlap', async () => {
      const data = Buffer.alloc(1000, 1)
      const source = await packed({ images: [{ ...kernel, data, hashes: ['sha1'] }] })
      const fit = await openFit(source)
      const image = fit.images.get('kernel') ?? assert.fail()
      let reads = 0
      const counted = { ...source, read: (...args: [number, number]) => (reads++, source.read(...args)) }
      const images = (second: Partial<FitImage>) =>
        new Map([image, { ...image, name: 'other', ...second }].map((each) => [each.name, each]))
      assert.equal((await verifyFit(counted, { images: images({}) })).checks.length, 2)
      assert.equal(reads, 1)
      const { offset = 0 } = image.data ?? {}
      const overlapping = images({ data: { offset: offset + 1, size: 100, external: true } })
      await assert.rejects(verifyFit(source, { images: overlapping }), { code: 'fit.overlap' })
    })

    it('is not verified when a byte of the data changed, or an algorithm is not known', async () => {
      const bytes = await pack({
        images: [{ ...kernel, hashes: ['sha1', 'crc32'] }, tree('fdt-1', Buffer.from('tree'))],
      })
      bytes[bytes.indexOf('the kernel')] = 0
      bytes.write('sha9', bytes.indexOf('sha1'))
      const source = randomAccess(bytes)
      const { checks, ok, withoutHash } = await verifyFit(source, await openFit(source))
      assert.deepEqual(
        checks.map(({ hash, result }) => [hash, result]),
        [
          ['hash-1', 'unknown-algorithm'],
          ['hash-2', 'bad'],
        ],
      )
      assert.deepEqual([ok, withoutHash], [false, ['fdt-1']])
    })
  })

  describe('of which data are wanted', () => {
    it('unpacks them as declared, except for ramdisks, which the kernel unpacks', async () => {
      const data = gzipSync('content')
      const source = await packed({
        images: [
          { ...kernel, compression: 'gzip', data },
          { name: 'ramdisk', type: 'ramdisk', compression: 'gzip', data },
        ],
      })
      const fit = await openFit(source)
      assert.equal(Buffer.from(await unpackedData(source, imageOf(fit, 'kernel'))).toString(), 'content')
      assert.deepEqual(Buffer.from(await unpackedData(source, imageOf(fit, 'ramdisk'))), data)
    })

    it('names what is wrong: no such image, no data, another compression, a bomb', async () => {
      const source = await packed({
        images: [
          { ...kernel, compression: 'lz4', data: gzipSync('x') },
          { name: 'bomb', type: 'kernel', compression: 'gzip', data: gzipSync(Buffer.alloc(1_000_000)) },
        ],
      })
      const fit = await openFit(source)
      assert.throws(() => imageOf(fit, 'fdt-1'), { code: 'fit.no-image', message: /it has kernel, bomb/ })
      const bare = { ...imageOf(fit, 'kernel'), data: undefined }
      assert.throws(() => storedData(source, bare), { code: 'fit.no-data' })
      await assert.rejects(unpackedData(source, imageOf(fit, 'kernel')), {
        code: 'fit.compression',
        message: /declared as lz4, but its data are gzip/,
      })
      const bomb = unpackedData(source, imageOf(fit, 'bomb'), { limit: 100_000 })
      await assert.rejects(bomb, { code: 'compression.too-large' })
    })
  })

  it('that is trimmed keeps the chosen configurations and what they need', async () => {
    const source = await packed({
      images: [
        { ...kernel, hashes: ['sha256'] },
        ...['1', '2', '3'].map((n) => tree(`fdt-${n}`, deviceTree(n, n))),
      ],
      configurations: ['1', '2', '3'].map((n) => configuration(`conf-${n}`, `fdt-${n}`, `acme,${n}`)),
      defaultConfiguration: 'conf-1',
    })
    const trimmed = await packed(trimFit(source, await openFit(source), ['conf-2']))
    const fit = await openFit(trimmed)
    assert.deepEqual([...fit.images.keys()], ['kernel', 'fdt-2'])
    assert.deepEqual([...fit.configurations.keys()], ['conf-2'])
    assert.equal(fit.defaultConfiguration, undefined)
    assert.equal((await verifyFit(trimmed, fit)).ok, true)
    assert.ok(trimmed.size < source.size)
    assert.throws(() => trimFit(source, fit, ['conf-9']), {
      code: 'fit.invalid',
      message: /no configuration "conf-9"; it has/,
    })
  })
})

describe('a FIT that is built from a kernel and device trees', () => {
  const base: FitBuild = {
    description: 'Linux-7.2 with devicetree set',
    timestamp: 1700000000,
    architecture: 'arm64',
    kernel: { description: 'Linux-7.2', data: 'kernel '.repeat(400_000) },
    deviceTrees: [
      { name: 'a.dtb', data: deviceTree('Board A', 'acme,a', 'acme,soc') },
      {
        name: 'b.dtb',
        data: deviceTree('Board B', 'acme,b'),
        overlays: [{ name: 'x.dtbo', data: deviceTree('X', 'x') }],
      },
      {
        name: 'c.dtb',
        data: deviceTree('Board C', 'acme,c'),
        overlays: [{ name: 'x.dtbo', data: deviceTree('X', 'x') }],
      },
    ],
  }
  const build = async (changes: Partial<FitBuild> = {}) =>
    Buffer.from(await collect((await buildFit({ ...base, ...changes })).open(), 1e9))

  it('has the shape of `make image.fit`', async () => {
    const source = randomAccess(await build({ ramdisks: ['initrd'] }))
    const fit = await openFit(source)
    assert.deepEqual([...fit.images.keys()], ['kernel', 'ramdisk', 'fdt-1', 'fdt-2', 'fdt-3', 'fdt-4'])
    assert.deepEqual(
      [...fit.configurations.values()].map(({ name, description, compatible, fdt, ramdisk }) => [
        name,
        description,
        compatible,
        fdt,
        ramdisk,
      ]),
      [
        ['conf-1', 'Board A', ['acme,a', 'acme,soc'], ['fdt-1'], ['ramdisk']],
        ['conf-2', 'Board B', ['acme,b'], ['fdt-2', 'fdt-3'], ['ramdisk']],
        ['conf-3', 'Board C', ['acme,c'], ['fdt-4', 'fdt-3'], ['ramdisk']],
      ],
    )
    assert.equal(fit.defaultConfiguration, undefined)
    const { type, compression, load } = imageOf(fit, 'kernel')
    assert.deepEqual([type, compression, load], ['kernel_noload', 'gzip', 0n])
    assert.equal(imageOf(fit, 'ramdisk').compression, 'none')
    assert.deepEqual(
      Buffer.from(await unpackedData(source, imageOf(fit, 'fdt-1'))),
      Buffer.from(deviceTree('Board A', 'acme,a', 'acme,soc')),
    )
  })

  it('is the same bytes each time, however the kernel is read and the work divided', async () => {
    const first = await build({ hashes: ['sha256'] })
    const text = Buffer.from('kernel '.repeat(400_000))
    for (const [step, concurrency] of [
      [7919, 1],
      [1 << 20, 3],
    ] as const) {
      const data: ByteSource = { size: text.length, open: () => streamOf(text, step) }
      assert.deepEqual(
        await build({ hashes: ['sha256'], concurrency, kernel: { ...base.kernel, data } }),
        first,
      )
    }
    assert.notDeepEqual(await build({ hashes: ['sha256'], timestamp: 1 }), first)
  })

  it('takes another compressor, or none', async () => {
    const bare = randomAccess(await build({ compressor: 'none' }))
    assert.equal(imageOf(await openFit(bare), 'kernel').compression, 'none')
    const best = await build({ compressor: gzipCompressor(9) })
    const fit = await openFit(randomAccess(best))
    const stored = await collect(storedData(randomAccess(best), imageOf(fit, 'kernel')).open(), 1e9)
    assert.equal(gunzipSync(stored).toString(), base.kernel.data)
  })

  it('is refused when a device tree is none, has no compatible, or comes twice', async () => {
    const refuse = async (deviceTrees: FitBuild['deviceTrees'], message: RegExp) => {
      await assert.rejects(build({ deviceTrees }), { code: 'fit.invalid', blame: 'payload', message })
    }
    await refuse([{ name: 'a.dtb', data: gzipSync('x') }], /a\.dtb can't be put into the FIT: .*gzipped/)
    const nameless = packFdt({
      root: { name: '', properties: new Map([['model', fromText('M')]]), children: new Map() },
    })
    await refuse([{ name: 'a.dtb', data: nameless }], /its root has no compatible/)
    const twice = { name: 'a.dtb', data: deviceTree('A', 'a') }
    await refuse([twice, twice], /a\.dtb is put into the FIT twice/)
  })

  it('fails when the kernel changes while it is read', async () => {
    const data: ByteSource = { size: 100, open: () => streamOf(Buffer.from('short'), 10) }
    const created = await createFit({
      description: '',
      timestamp: 0,
      images: [{ ...kernel, data }],
      configurations: [],
    })
    await assert.rejects(collect(created.open(), 1e9), { code: 'content.size-changed' })
    await assert.rejects(build({ kernel: { ...base.kernel, data } }), { code: 'content.size-changed' })
  })
})

// eslint-disable-next-line @typescript-eslint/require-await -- stands for a file that is read
async function* streamOf(bytes: Uint8Array, step: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step)
}
