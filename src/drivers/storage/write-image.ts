import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open, readFile, type FileHandle } from 'node:fs/promises'
import { execa } from 'execa'
import type { WriteImageOptions, WrittenImage } from '../../board/storage.ts'
import { now } from '../../core/clock.ts'
import type { Deadline } from '../../core/deadline.ts'
import { HilError, messageOf } from '../../core/errors.ts'
import { finishBy } from '../../core/finish-by.ts'
import type { BlockDevice } from './block-device.ts'
import { parseBmap, type MappedRange } from './bmap.ts'
import { openImage, type ImageReader } from './image-reader.ts'

/** What was written where, to be compared. */
interface Written {
  readonly start: number
  readonly length: number
  readonly sha256: string
}

/**
 * Writes an image to a disk, and reads it back from the medium itself. A disk that hangs keeps what waits for it
 * until the kernel gives up, but nobody else.
 * @throws HilError `storage.too-small`, `storage.image` (payload), `storage.differs`, `storage.write` (infrastructure)
 */
export async function writeImage(
  image: string,
  disk: BlockDevice,
  t: Deadline,
  options: WriteImageOptions,
): Promise<WrittenImage> {
  t.throwIfOver()
  return await finishBy(writeAndCompare(image, disk, t, options), t)
}

async function writeAndCompare(
  image: string,
  { device, size }: BlockDevice,
  t: Deadline,
  { bmap, verify = true, onProgress }: WriteImageOptions,
): Promise<WrittenImage> {
  const startedAt = now()
  const map = bmap === undefined ? undefined : parseBmap(await readMap(bmap), bmap)
  const reader = await openImage(image)
  try {
    const imageSize = map?.imageSize ?? reader.size
    if (imageSize !== undefined && imageSize > size) throw tooSmall(image, imageSize, device, size)
    if (map !== undefined && reader.size !== undefined && reader.size !== map.imageSize) {
      throw badImage(image, `it has ${reader.size} bytes, and its block map is of one with ${map.imageSize}`)
    }
    const ranges = map?.ranges ?? [{ start: 0, length: imageSize ?? size + 1, sha256: undefined }]
    const total = map === undefined ? (imageSize ?? 0) : ranges.reduce((sum, { length }) => sum + length, 0)
    let done = 0
    const report = (more: number) => {
      done += more
      onProgress?.({ done, total: Math.max(done, total) })
    }
    report(0)
    // O_EXCL on a disk: nobody else may have it mounted.
    const disk = await open(device, constants.O_WRONLY | constants.O_EXCL).catch((cause: unknown) => {
      throw notWritten(device, cause)
    })
    const written: Written[] = []
    try {
      for (const range of ranges) {
        const part = await writeRange({ reader, disk, image, device, size }, range, t, report)
        if (part.length > 0) written.push(part)
      }
      await t.race(disk.sync())
    } finally {
      await disk.close()
    }
    if (verify) for (const part of written) await compareWritten(device, part, t)
    return { device, size: done, isVerified: verify, durationMs: now() - startedAt }
  } finally {
    await reader.close()
  }
}

interface Copy {
  readonly reader: ImageReader
  readonly disk: FileHandle
  readonly image: string
  readonly device: string
  readonly size: number
}

async function writeRange(
  { reader, disk, image, device, size }: Copy,
  { start, length, sha256 }: MappedRange,
  t: Deadline,
  report: (more: number) => void,
): Promise<Written> {
  const hash = createHash('sha256')
  let at = start
  for await (const bytes of reader.read(start, length)) {
    t.throwIfOver()
    if (at + bytes.length > size) throw tooSmall(image, undefined, device, size)
    hash.update(bytes)
    try {
      await disk.write(bytes, 0, bytes.length, at)
    } catch (cause) {
      throw notWritten(device, cause)
    }
    at += bytes.length
    report(bytes.length)
  }
  const sum = hash.digest('hex')
  if (sha256 !== undefined && sum !== sha256) {
    throw badImage(image, `the ${length} bytes at ${start} are not those that its block map names`)
  }
  return { start, length: at - start, sha256: sum }
}

/** Pages that are written whole. */
const alignment = 4096

/** Past the cache of this machine, which would only say what was sent. */
export async function compareWritten(
  device: string,
  { start, length, sha256 }: Written,
  t: Deadline,
): Promise<void> {
  const whole = Math.ceil((start + length) / alignment) * alignment - start
  const args = [`if=${device}`, 'bs=4M', 'status=none', `skip=${start}`, `count=${whole}`]
  const flags = 'iflag=direct,skip_bytes,count_bytes,fullblock'
  const dd = execa('dd', [...args, flags], {
    encoding: 'buffer',
    buffer: false,
    reject: false,
    env: { LC_ALL: 'C' },
  })
  const said: Buffer[] = []
  dd.stderr.on('data', (bytes: Buffer) => said.push(bytes))
  const hash = createHash('sha256')
  let left = length
  try {
    for await (const bytes of dd.stdout as AsyncIterable<Buffer>) {
      t.throwIfOver()
      hash.update(bytes.subarray(0, left))
      left -= Math.min(left, bytes.length)
    }
    const { exitCode } = await t.race(dd)
    if (exitCode !== 0) throw notRead(device, Buffer.concat(said).toString().trim())
  } finally {
    dd.kill('SIGKILL')
  }
  if (hash.digest('hex') === sha256) return
  throw new HilError(
    'storage.differs',
    `${device} has not kept what was written: the ${length} bytes at ${start} are others; the medium is worn out or not what it says`,
    { blame: 'infrastructure', details: { device, start, length } },
  )
}

async function readMap(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw badImage(file, messageOf(cause))
  })
}

function tooSmall(image: string, imageSize: number | undefined, device: string, size: number): HilError {
  const needs = imageSize === undefined ? 'more' : `${imageSize} bytes`
  return new HilError('storage.too-small', `${image} needs ${needs}, and ${device} has ${size} bytes`, {
    blame: 'payload',
    details: { image, imageSize, device, size },
  })
}

function badImage(image: string, why: string): HilError {
  return new HilError('storage.image', `${image} can't be written: ${why}`, {
    blame: 'payload',
    details: { image },
  })
}

function notWritten(device: string, cause: unknown): HilError {
  const code = (cause as NodeJS.ErrnoException).code
  const isRight = code === 'EACCES' || code === 'EPERM' || code === 'EBUSY'
  return new HilError('storage.write', `${device} can't be written: ${messageOf(cause)}`, {
    blame: isRight ? 'environment' : 'infrastructure',
    details: { device },
    cause,
  })
}

function notRead(device: string, said: string): HilError {
  return new HilError('storage.read', `${device} can't be read back: ${said}`, {
    blame: 'infrastructure',
    details: { device, said },
  })
}
