import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { debianArm64 } from '../../../../scripts/setup/places.mjs'
import { inspectKernelImage } from '../../../../src/codecs/kernel-image/index.ts'
import { HilError } from '../../../../src/core/errors.ts'
import { fuzzRuns } from '../../../support/fuzz/runs.ts'
import { describeWith } from '../../../support/requirements.ts'
import { runTool, useScratch } from '../oracle.ts'

const banner = 'Linux version 7.2.13-test (me@host) (gcc 12) #5 SMP PREEMPT'
const buildId = '0123456789abcdef0123456789abcdef01234567'
const note = Buffer.from(`040000001400000003000000474e5500${buildId}`, 'hex')
const vdsoNote = Buffer.from(`040000001400000003000000474e5500${'ff'.repeat(20)}`, 'hex')

/** A kernel's inside: a vDSO with a build-id of its own, both banners, the build-id. */
function kernelBody(start: Buffer): Buffer {
  const vdso = Buffer.alloc(4096)
  vdso.write('7f454c460201', 'hex')
  vdso.writeBigUInt64LE(4096n, 0x28)
  vdsoNote.copy(vdso, 0x200)
  const texts = `${banner.replace('#5', '#')}\n\0%s version %s (x)\n\0${banner}\n\0`
  const rest = Buffer.alloc(4096)
  rest.write(texts, 16)
  note.copy(rest, 2048)
  return Buffer.concat([start, Buffer.alloc(4096 - start.length), vdso, rest])
}

function arm64Image({ textOffset = 0n, imageSize = 0x2010000n, flags = 0xan } = {}): Buffer {
  const header = Buffer.alloc(64)
  header.write('MZ', 0)
  header.writeBigUInt64LE(textOffset, 8)
  header.writeBigUInt64LE(imageSize, 16)
  header.writeBigUInt64LE(flags, 24)
  header.write('ARM\x64', 56)
  return kernelBody(header)
}

function zboot(payload: Buffer): Buffer {
  const header = Buffer.alloc(64)
  header.write('MZ\0\0zimg', 0)
  header.writeUInt32LE(64, 8)
  header.writeUInt32LE(payload.length, 12)
  header.write('gzip', 24)
  return Buffer.concat([header, payload, Buffer.from('PE section that follows')])
}

function zImage(payload: Buffer): Buffer {
  const header = Buffer.alloc(96)
  const words = [0x016f2818, 0, header.length + payload.length, 0x04030201, 0x45454545, 64]
  words.forEach((word, index) => header.writeUInt32LE(word, 0x24 + 4 * index))
  const table = [6, 0x5a534c4b, header.length + payload.length - 4, 0x1000, 0x8000, 0x10000]
  table.forEach((word, index) => header.writeUInt32LE(word, 64 + 4 * index))
  return Buffer.concat([header, payload])
}

function bzImage(payload: Buffer): Buffer {
  const setup = Buffer.alloc(1024)
  setup[0x1f1] = 1
  setup.write('HdrS', 0x202)
  setup.writeUInt16LE(0x20f, 0x206)
  setup.writeUInt16LE(0x100, 0x20e)
  setup.write('7.2.13-test (me@host) #5 SMP\0', 0x300)
  setup.writeUInt16LE(1, 0x236)
  setup.writeUInt32LE(0, 0x248)
  setup.writeUInt32LE(payload.length, 0x24c)
  setup.writeUInt32LE(0x3000000, 0x260)
  return Buffer.concat([setup, payload])
}

/** An ELF file with one note segment, as vmlinux is. */
function vmlinux(): Buffer {
  const elf = Buffer.alloc(256)
  elf.write('7f454c460201', 'hex')
  elf.writeBigUInt64LE(64n, 0x20)
  elf.writeUInt16LE(56, 0x36)
  elf.writeUInt16LE(1, 0x38)
  elf.writeUInt32LE(4, 64)
  elf.writeBigUInt64LE(128n, 64 + 8)
  elf.writeBigUInt64LE(BigInt(note.length), 64 + 32)
  note.copy(elf, 128)
  return elf
}

describe('a kernel image', () => {
  it('of arm64 tells size, placement, page size, release and build-id', async () => {
    assert.deepEqual(await inspectKernelImage(arm64Image()), {
      layers: ['arm64-image'],
      architecture: 'arm64',
      memorySize: 0x2010000,
      textOffset: 0,
      endianness: 'little',
      pageSize: 4096,
      placedAnywhere: true,
      efiStub: true,
      release: '7.2.13-test',
      banner,
      buildId,
    })
  })

  it('of arm64 before Linux 3.17 has the text offset that all of them had, and no size', async () => {
    const { textOffset, memorySize } = await inspectKernelImage(
      arm64Image({ imageSize: 0n, textOffset: 0x8000000n }),
    )
    assert.deepEqual({ textOffset, memorySize }, { textOffset: 0x80000, memorySize: undefined })
  })

  it('is found through gzip, EFI zboot, and both', async () => {
    const layersOf = async (image: Buffer) => (await inspectKernelImage(image)).layers
    assert.deepEqual(await layersOf(gzipSync(arm64Image())), ['gzip', 'arm64-image'])
    assert.deepEqual(await layersOf(zboot(gzipSync(arm64Image()))), ['efi-zboot', 'arm64-image'])
    assert.deepEqual(await layersOf(gzipSync(zboot(gzipSync(arm64Image())))), [
      'gzip',
      'efi-zboot',
      'arm64-image',
    ])
  })

  it('of 32-bit arm is looked into, past chance matches of its compressor', async () => {
    const kernel = kernelBody(Buffer.alloc(0))
    const facts = await inspectKernelImage(
      zImage(Buffer.concat([Buffer.from('1f8b0800ff', 'hex'), gzipSync(kernel)])),
    )
    assert.equal(facts.architecture, 'arm')
    assert.equal(facts.release, '7.2.13-test')
    assert.equal(facts.buildId, buildId)
    assert.equal(facts.memorySize, kernel.length + 0x1000)
  })

  it('of x86 tells its release without being unpacked, and its build-id where it can be', async () => {
    const facts = await inspectKernelImage(bzImage(gzipSync(vmlinux())))
    assert.deepEqual(
      [facts.architecture, facts.release, facts.buildId, facts.memorySize],
      [...['x86_64', '7.2.13-test', buildId, 0x3000000]],
    )
    const packed = Buffer.from('28b52ffd00010203', 'hex')
    assert.equal((await inspectKernelImage(bzImage(packed))).buildId, undefined)
  })

  const mistaken: Record<string, [Buffer, RegExp]> = {
    'an empty file': [Buffer.alloc(0), /it is empty/],
    vmlinux: [vmlinux(), /ELF file such as vmlinux; bootloaders take arch/],
    'a device tree': [Buffer.from('d00dfeed00000000', 'hex'), /a device tree or a FIT/],
    'a gzipped archive': [gzipSync('070701'), /inside \(gzip\).*cpio archive/],
    'a text': [Buffer.from('hello, world'), /begins with 68656c6c6f2c2077/],
  }
  for (const [what, [bytes, message]] of Object.entries(mistaken)) {
    it(`is not ${what}, and the error says so`, async () => {
      await assert.rejects(inspectKernelImage(bytes), {
        code: 'kernel-image.unknown',
        blame: 'payload',
        message,
      })
    })
  }

  it('that is cut off is refused', async () => {
    const zbootImage = zboot(gzipSync(arm64Image()))
    await assert.rejects(inspectKernelImage(zbootImage.subarray(0, 100)), { code: 'kernel-image.truncated' })
    const packed = gzipSync(arm64Image())
    await assert.rejects(inspectKernelImage(packed.subarray(0, 100)), { code: 'compression.damaged' })
  })

  it('never unpacks to more than it may', async () => {
    const bomb = gzipSync(gzipSync(Buffer.alloc(50_000_000)))
    await assert.rejects(inspectKernelImage(bomb, { limit: 1_000_000 }), { code: 'compression.too-large' })
  })

  it('is only ever read or refused, however it is damaged', async () => {
    const seeds = [
      arm64Image(),
      zboot(gzipSync(arm64Image())),
      zImage(gzipSync(arm64Image())),
      bzImage(gzipSync(vmlinux())),
    ]
    const change = fc.tuple(fc.nat(0x280), fc.nat(255))
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...seeds),
        fc.array(change, { maxLength: 5 }),
        async (seed, changes) => {
          const copy = Buffer.from(seed)
          for (const [at, value] of changes) copy[at % copy.length] = value
          await inspectKernelImage(copy, { limit: 1_000_000 }).catch((error: unknown) => {
            assert.ok(error instanceof HilError && error.blame === 'payload', String(error))
          })
        },
      ),
      { numRuns: fuzzRuns({ usual: 500, share: 0.05 }) },
    )
  })

  describeWith(['mkimage'], 'made by mkimage', () => {
    const scratch = useScratch()
    const wrap = (data: Buffer, compression: string) => {
      const [input, output] = [join(scratch(), 'in'), join(scratch(), 'out')]
      writeFileSync(input, data)
      const args = [
        '-A',
        'arm64',
        '-O',
        'linux',
        '-T',
        'kernel',
        '-C',
        compression,
        '-a',
        '0x80000',
        '-d',
        input,
        output,
      ]
      runTool('mkimage', args)
      return readFileSync(output)
    }

    it('is a uImage, with the kernel in it', async () => {
      const facts = await inspectKernelImage(wrap(gzipSync(arm64Image()), 'gzip'))
      assert.deepEqual(facts.layers, ['uimage', 'gzip', 'arm64-image'])
      assert.equal(facts.release, '7.2.13-test')
    })

    it('is refused when a byte of it changed', async () => {
      for (const at of [40, 5000]) {
        const image = wrap(arm64Image(), 'none')
        image[at] = (image[at] ?? 0) ^ 1
        await assert.rejects(inspectKernelImage(image), { code: 'kernel-image.bad-checksum' })
      }
    })
  })

  describeWith(['qemu'], "that is Debian's for arm64", () => {
    it('has the release that its package names', async () => {
      const { kernel, release } = debianArm64()
      const facts = await inspectKernelImage(readFileSync(kernel))
      assert.equal(facts.release, readFileSync(release, 'utf8').trim())
      assert.match(facts.banner ?? '', / #1 SMP Debian /)
      assert.match(facts.buildId ?? '', /^[0-9a-f]{40}$/)
      assert.ok((facts.memorySize ?? 0) > 32_000_000)
    })
  })
})
