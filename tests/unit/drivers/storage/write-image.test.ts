import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { WriteImageOptions } from '../../../../src/board/storage.ts'
import { startDeadline, type Deadline } from '../../../../src/core/deadline.ts'
import { parseBmap } from '../../../../src/drivers/storage/bmap.ts'
import { openImage } from '../../../../src/drivers/storage/image-reader.ts'
import { localDisk } from '../../../../src/drivers/storage/local-disk.ts'
import { compareWritten, writeImage } from '../../../../src/drivers/storage/write-image.ts'
import { makeLoopDisk, type LoopDisk } from '../../../support/loop-disk.ts'
import { describeWith } from '../../../support/requirements.ts'
import { runTool } from '../../codecs/oracle.ts'

const mebibyte = 1 << 20

describeWith(['loop', 'bmaptool', 'xz', 'zstd'], 'An image', function () {
  this.timeout(30_000)
  let directory: string
  let disk: LoopDisk
  let t: Deadline

  beforeEach(() => {
    t = startDeadline(25_000, 'test')
    directory = mkdtempSync(join(tmpdir(), 'hil-image-'))
    disk = makeLoopDisk(directory, 16 * mebibyte)
  })
  afterEach(() => {
    disk[Symbol.dispose]()
    rmSync(directory, { recursive: true, force: true })
    t[Symbol.dispose]()
  })

  const write = (image: string, options: WriteImageOptions = {}) =>
    writeImage(image, localDisk({ device: disk.device, size: 16 * mebibyte }), t, options)

  const onDisk = (length: number) => readFileSync(disk.device).subarray(0, length)

  /** 8 MiB with something in three places of it, as bmaptool maps it. */
  const sparseImage = async () => {
    const image = join(directory, 'image')
    const handle = await open(image, 'w')
    await handle.truncate(8 * mebibyte)
    const parts = [0, 3 * mebibyte, 8 * mebibyte - 8192].map((at) => ({ at, bytes: randomBytes(8192) }))
    for (const { at, bytes } of parts) await handle.write(bytes, 0, bytes.length, at)
    await handle.close()
    const bmap = join(directory, 'image.bmap')
    runTool('bmaptool', ['create', '-o', bmap, image])
    return { image, bmap, parts }
  }

  it('is written as it is, whatever it is packed with, and told to be right', async () => {
    const content = randomBytes(5 * mebibyte + 777)
    const raw = join(directory, 'raw')
    writeFileSync(raw, content)
    writeFileSync(`${raw}.gz`, gzipSync(content))
    runTool('xz', ['-k', '-0', raw])
    runTool('zstd', ['-q', '-k', raw])
    for (const image of [raw, `${raw}.gz`, `${raw}.xz`, `${raw}.zst`]) {
      runTool('dd', ['if=/dev/zero', `of=${disk.device}`, 'bs=1M', 'count=16', 'status=none'])
      const seen: number[] = []
      const { size, isVerified } = await write(image, { onProgress: ({ done }) => seen.push(done) })
      assert.deepEqual({ size, isVerified }, { size: content.length, isVerified: true })
      assert.ok(onDisk(content.length).equals(content), image)
      assert.equal(seen.at(-1), content.length)
    }
  })

  it('is written by its block map: what it does not hold is left alone', async () => {
    const { image, bmap, parts } = await sparseImage()
    runTool('sh', [
      '-c',
      `tr '\\0' x </dev/zero | dd of=${disk.device} bs=1M count=16 iflag=fullblock status=none`,
    ])
    const { size } = await write(image, { bmap })
    assert.equal(size, 3 * 8192)
    for (const { at, bytes } of parts)
      assert.ok(
        onDisk(at + bytes.length)
          .subarray(at)
          .equals(bytes),
      )
    assert.equal(onDisk(mebibyte)[mebibyte / 2], 'x'.charCodeAt(0))
    // Packed, it is read through, and the same is written.
    runTool('zstd', ['-q', image])
    assert.equal((await write(`${image}.zst`, { bmap })).size, 3 * 8192)
  })

  it('is read whole, however late, from what unpacks it', async () => {
    const content = randomBytes(mebibyte)
    const raw = join(directory, 'raw')
    writeFileSync(raw, content)
    runTool('zstd', ['-q', raw])
    const reader = await openImage(`${raw}.zst`)
    // Time for it to begin.
    for (let round = 0; round < 10; round++) {
      runTool('zstd', ['-tq', `${raw}.zst`])
      await new Promise((resolve) => setImmediate(resolve))
    }
    const pieces: Uint8Array[] = []
    for await (const bytes of reader.read(0, mebibyte)) pieces.push(bytes)
    await reader.close()
    assert.ok(Buffer.concat(pieces).equals(content))
  })

  for (const [packed, program] of [
    ['raw.xz', 'xz'],
    ['raw.zst', 'zstd'],
    ['raw.gz', 'gzip'],
  ] as const) {
    it(`is refused where it is packed with ${program} and cut off`, async () => {
      writeFileSync(join(directory, 'raw'), randomBytes(3 * mebibyte))
      runTool(program, ['-q', '-k', join(directory, 'raw')])
      const whole = readFileSync(join(directory, packed))
      writeFileSync(join(directory, packed), whole.subarray(0, whole.length / 2))
      await assert.rejects(write(join(directory, packed)), {
        code: 'storage.image',
        blame: 'payload',
        message: /can't be read: .*(unexpected|premature|truncated)/i,
      })
    })
  }

  it('is refused where it is not the one of its block map, or the map is damaged', async () => {
    const { image, bmap } = await sparseImage()
    const handle = await open(image, 'r+')
    await handle.write('other', 3 * mebibyte)
    await handle.close()
    await assert.rejects(write(image, { bmap }), {
      code: 'storage.image',
      blame: 'payload',
      message: /the 8192 bytes at 3145728 are not those that its block map names/,
    })
    writeFileSync(bmap, readFileSync(bmap, 'utf8').replace(/ 2048 /, ' 2049 '))
    await assert.rejects(write(image, { bmap }), { code: 'storage.image', message: /it is damaged/ })
  })

  it('is refused where the disk is too small for it, before anything is written', async () => {
    const image = join(directory, 'large')
    writeFileSync(image, randomBytes(17 * mebibyte))
    await assert.rejects(write(image), { code: 'storage.too-small', blame: 'payload' })
    assert.ok(onDisk(mebibyte).equals(Buffer.alloc(mebibyte)))
    await assert.rejects(write(join(directory, 'nothing')), { code: 'storage.image', blame: 'payload' })
  })

  it('is not said to be there where the disk has something else', async () => {
    const written = {
      start: 4096,
      length: 5000,
      sha256: createHash('sha256').update(Buffer.alloc(5000)).digest('hex'),
    }
    await compareWritten(localDisk({ device: disk.device, size: 16 * mebibyte }), [written], t)
    runTool('sh', ['-c', `printf x | dd of=${disk.device} bs=1 seek=9095 status=none conv=fsync`])
    await assert.rejects(
      compareWritten(localDisk({ device: disk.device, size: 16 * mebibyte }), [written], t),
      {
        code: 'storage.differs',
        blame: 'infrastructure',
        message: /has not kept what was written: the 5000 bytes at 4096 are others/,
      },
    )
  })

  it('is mapped as bmaptool maps it', async () => {
    const { bmap } = await sparseImage()
    const { imageSize, ranges } = parseBmap(readFileSync(bmap, 'utf8'), bmap)
    assert.equal(imageSize, 8 * mebibyte)
    assert.deepEqual(
      ranges.map(({ start, length }) => [start, length]),
      [
        [0, 8192],
        [3 * mebibyte, 8192],
        [8 * mebibyte - 8192, 8192],
      ],
    )
    assert.ok(ranges.every(({ sha256 }) => /^[0-9a-f]{64}$/.test(sha256 ?? '')))
  })
})

describe('A disk that hangs', () => {
  it('keeps nobody longer than the time that there is', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'hil-image-'))
    const [image, device] = [join(directory, 'image'), join(directory, 'disk')]
    writeFileSync(image, 'something')
    // Opening a pipe that nobody reads hangs as a disk does that does not answer.
    runTool('mkfifo', [device])
    try {
      using short = startDeadline(100, 'writing')
      await assert.rejects(writeImage(image, localDisk({ device, size: mebibyte }), short, {}), {
        code: 'deadline.exceeded',
        blame: 'infrastructure',
      })
    } finally {
      const reader = await open(device, constants.O_RDONLY | constants.O_NONBLOCK)
      rmSync(directory, { recursive: true, force: true })
      await reader.close()
    }
  })
})
