import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { WriteImageOptions, WrittenImage } from '../../board/storage.ts'
import { now } from '../../core/clock.ts'
import type { Deadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'
import { finishBy } from '../../core/finish-by.ts'
import { reasonOf } from '../../core/reason-of.ts'
import { parseBmap, type MappedRange } from './bmap.ts'
import type { Disk, DiskPart, DiskPiece } from './disk.ts'
import { openImage, type ImageReader } from './image-reader.ts'

/** What was written where, to be compared. */
interface Written extends DiskPart {
  readonly sha256: string
}

/**
 * Writes an image to a disk, and reads it back from the medium itself. A disk that hangs keeps what waits for it
 * until the kernel gives up, but nobody else.
 * @throws HilError `storage.too-small`, `storage.image` (payload), `storage.differs`, `storage.write` (infrastructure)
 */
export async function writeImage(
  image: string,
  disk: Disk,
  t: Deadline,
  options: WriteImageOptions,
): Promise<WrittenImage> {
  t.throwIfOver()
  return await finishBy(writeAndCompare(image, disk, t, options), t)
}

async function writeAndCompare(
  image: string,
  disk: Disk,
  t: Deadline,
  { bmap, verify = true, onProgress }: WriteImageOptions,
): Promise<WrittenImage> {
  const startedAt = now()
  const { device, size } = disk
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
    const written: Written[] = []
    const parts = async function* () {
      for (const range of ranges) yield* piecesOf({ reader, image, ...disk }, range, { t, report, written })
    }
    await disk.write(parts(), t)
    if (verify) await compareWritten(disk, written, t)
    return { device, size: done, isVerified: verify, durationMs: now() - startedAt }
  } finally {
    await reader.close()
  }
}

interface Copy {
  readonly reader: ImageReader
  readonly image: string
  readonly device: string
  readonly size: number
}

interface Progress {
  readonly t: Deadline
  readonly report: (more: number) => void
  /** What was written is added. */
  readonly written: Written[]
}

async function* piecesOf(
  { reader, image, device, size }: Copy,
  { start, length, sha256 }: MappedRange,
  { t, report, written }: Progress,
): AsyncGenerator<DiskPiece> {
  const hash = createHash('sha256')
  let at = start
  for await (const bytes of reader.read(start, length)) {
    t.throwIfOver()
    if (at + bytes.length > size) throw tooSmall(image, undefined, device, size)
    hash.update(bytes)
    yield { at, bytes }
    at += bytes.length
    report(bytes.length)
  }
  const sum = hash.digest('hex')
  if (sha256 !== undefined && sum !== sha256) {
    throw badImage(image, `the ${length} bytes at ${start} are not those that its block map names`)
  }
  if (at > start) written.push({ start, length: at - start, sha256: sum })
}

export async function compareWritten(disk: Disk, parts: readonly Written[], t: Deadline): Promise<void> {
  const { device } = disk
  const hashes = await disk.hashes(parts, t)
  const changed = parts.find(({ sha256 }, index) => hashes[index] !== sha256)
  if (changed === undefined) return
  const { start, length } = changed
  throw new HilError(
    'storage.differs',
    `${device} has not kept what was written: the ${length} bytes at ${start} are others; the medium is worn out or not what it says`,
    { blame: 'infrastructure', details: { device, start, length } },
  )
}

async function readMap(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw badImage(file, reasonOf(cause))
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
