import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import {
  matchFit,
  openFit,
  unpackedData,
  verifyFit,
  imageOf,
  trimFit,
} from '../../../../src/codecs/fit/index.ts'
import { randomAccess } from '../../../../src/codecs/random-access.ts'
import { describeWith } from '../../../support/requirements.ts'
import { runTool, useScratch } from '../oracle.ts'
import { configuration, deviceTree, kernel, pack, packed, tree } from './samples.ts'

const algorithms = ['crc32', 'md5', 'sha1', 'sha256', 'sha384', 'sha512']
const kernelData = gzipSync('kernel '.repeat(10_000))
const treeData = deviceTree('Acme Board', 'acme,board')

const its = `/dts-v1/;
/ {
  description = "made by mkimage";
  #address-cells = <1>;
  images {
    kernel {
      description = "Linux"; type = "kernel"; arch = "arm64"; os = "linux"; compression = "gzip";
      data = /incbin/("kernel"); load = <0x40200000>; entry = <0x40200000>;
      ${algorithms.map((algo, index) => `hash-${index + 1} { algo = "${algo}"; };`).join('\n      ')}
    };
    fdt-1 { description = "tree"; type = "flat_dt"; arch = "arm64"; compression = "none"; data = /incbin/("tree"); };
  };
  configurations {
    default = "conf-1";
    conf-1 { description = "Acme"; kernel = "kernel"; fdt = "fdt-1"; };
  };
};
`

describeWith(['mkimage'], 'a FIT made by mkimage', () => {
  const scratch = useScratch()
  const make = (...options: string[]) => {
    writeFileSync(join(scratch(), 'kernel'), kernelData)
    writeFileSync(join(scratch(), 'tree'), treeData)
    writeFileSync(join(scratch(), 'fit.its'), its)
    runTool('mkimage', [...options, '-f', 'fit.its', 'fit'], {
      cwd: scratch(),
      env: { SOURCE_DATE_EPOCH: '1700000000' },
    })
    return randomAccess(readFileSync(join(scratch(), 'fit')))
  }

  const layouts: Record<string, string[]> = {
    'with its data in the tree': [],
    'with its data behind the tree': ['-E'],
    'with its data at a fixed position': ['-E', '-p', '0x4000'],
  }
  for (const [layout, options] of Object.entries(layouts)) {
    it(`is read, verified and matched ${layout}`, async () => {
      const source = make(...options)
      const fit = await openFit(source)
      assert.deepEqual(
        [fit.description, fit.timestamp, fit.defaultConfiguration],
        ['made by mkimage', 1700000000, 'conf-1'],
      )
      assert.equal(imageOf(fit, 'kernel').data?.external, options.length > 0)
      const { checks, ok, withoutHash } = await verifyFit(source, fit)
      assert.deepEqual(
        [checks.map(({ algorithm }) => algorithm), ok, withoutHash],
        [algorithms, true, ['fdt-1']],
      )
      assert.deepEqual(Buffer.from(await unpackedData(source, imageOf(fit, 'fdt-1'))), Buffer.from(treeData))
      assert.equal(
        Buffer.from(await unpackedData(source, imageOf(fit, 'kernel'))).toString(),
        'kernel '.repeat(10_000),
      )
      const match = await matchFit(source, fit, { board: ['acme,board'], bootloader: 'barebox' })
      assert.equal(match.configuration, 'conf-1')
      assert.deepEqual(
        match.warnings.map(({ code }) => code),
        options.length > 0 ? ['external-data'] : [],
      )
    })
  }

  it('gets external data back into its tree when it is written again', async () => {
    const source = make('-E')
    const rewritten = await packed(trimFit(source, await openFit(source), ['conf-1']))
    const fit = await openFit(rewritten)
    assert.equal(imageOf(fit, 'kernel').data?.external, false)
    assert.equal((await verifyFit(rewritten, fit)).ok, true)
  })

  it('is refused where external data are cut off', async () => {
    const source = make('-E')
    const bytes = await source.read(0, source.size - 100)
    await assert.rejects(verifyFit(randomAccess(bytes), await openFit(randomAccess(bytes))), {
      code: 'fit.truncated',
    })
  })
})

describeWith(['mkimage'], 'a FIT made by hil', () => {
  const scratch = useScratch()
  const write = async () => {
    const images = [
      { ...kernel, compression: 'gzip', data: kernelData, hashes: ['sha256', 'crc32'] as const },
      tree('fdt-1', treeData),
    ]
    const path = join(scratch(), 'hil.fit')
    const configurations = [configuration('conf-1', 'fdt-1', 'acme,board')]
    writeFileSync(path, await pack({ description: 'made by hil', images, configurations }))
    return path
  }

  it('is listed by dumpimage as it was meant', async () => {
    const listing = runTool('dumpimage', ['-l', await write()]).toString()
    const hash = runTool('sha256sum', [], { input: kernelData }).toString().slice(0, 64)
    const expected = [
      /^FIT description: made by hil$/m,
      /^ Image 0 \(kernel\)$/m,
      /^ {2}Type: +Kernel Image \(no loading done\)$/m,
      /^ {2}Compression: +gzip compressed$/m,
      new RegExp(`^  Hash value: +${hash}$`, 'm'),
      /^ Image 1 \(fdt-1\)$/m,
      /^ {2}Architecture: +AArch64$/m,
      /^ Configuration 0 \(conf-1\)$/m,
      /^ {2}FDT: +fdt-1$/m,
    ]
    for (const line of expected) assert.match(listing, line)
  })

  it('gives dumpimage its images', async () => {
    const output = join(scratch(), 'out')
    runTool('dumpimage', ['-T', 'flat_dt', '-p', '0', '-o', output, await write()])
    assert.deepEqual(readFileSync(output), kernelData)
  })

  it('has hashes that U-Boot accepts', async () => {
    const path = await write()
    // fit_check_sign wants a key; mkimage computes the same hashes anew and leaves the file as it was.
    const before = readFileSync(path)
    runTool('mkimage', ['-F', path], { env: { SOURCE_DATE_EPOCH: '1' } })
    const [old, fresh] = [randomAccess(before), randomAccess(readFileSync(path))]
    const hashesOf = async (source: typeof old) =>
      imageOf(await openFit(source), 'kernel').hashes.map(({ value }) => Buffer.from(value).toString('hex'))
    assert.deepEqual(await hashesOf(fresh), await hashesOf(old))
  })
})
