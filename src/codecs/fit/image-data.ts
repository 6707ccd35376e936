import { collect, type ByteSource } from '../byte-source.ts'
import { listSome } from '../../core/list-some.ts'
import { decompressMember, detectCompression, type Decompressor } from '../compression/index.ts'
import { slice, type RandomAccess } from '../random-access.ts'
import { fitError } from './errors.ts'
import type { Fit, FitImage } from './fit.ts'

const chunkSize = 1 << 20
const defaultLimit = 512 << 20

/** The image of that name. Throws `fit.no-image`, which lists those that there are. */
export function imageOf({ images }: Pick<Fit, 'images'>, name: string): FitImage {
  const image = images.get(name)
  if (image !== undefined) return image
  const names = [...images.keys()]
  throw fitError('no-image', `the FIT has no image ${JSON.stringify(name)}; it has ${listSome(names, 10)}`, {
    name,
    images: names.slice(0, 100),
  })
}

/** An image's data as they are stored. Throws `fit.no-data` and `fit.truncated`. */
export function storedData(source: RandomAccess, image: FitImage): ByteSource {
  const { data, name } = image
  if (data === undefined) throw fitError('no-data', `the image ${name} of the FIT has no data`, { name })
  if (data.offset + data.size > source.size) {
    throw fitError(
      'truncated',
      `the FIT is cut off: the data of ${name} reach to ${data.offset + data.size}, the file has ${source.size} bytes`,
      { name, end: data.offset + data.size, size: source.size },
    )
  }
  const { offset, size } = data
  return {
    size,
    open: async function* () {
      for (let at = 0; at < size; at += chunkSize)
        yield await source.read(offset + at, Math.min(chunkSize, size - at))
    },
  }
}

/** An image's data as random access of their own. */
export function imageAccess(source: RandomAccess, image: FitImage): RandomAccess {
  const { size } = storedData(source, image)
  return slice(source, image.data?.offset ?? 0, size)
}

export interface UnpackOptions {
  /** Unpacks what is not gzip. */
  readonly decompress?: Decompressor
  /** The most that an image may unpack to. @default 512 MiB */
  readonly limit?: number
}

/**
 * An image's data unpacked. A ramdisk stays as it is: it is the kernel that unpacks it. Throws
 * `fit.compression` when the data are not compressed in the way that the FIT says.
 */
export async function unpackedData(
  source: RandomAccess,
  image: FitImage,
  { decompress, limit = defaultLimit }: UnpackOptions = {},
): Promise<Uint8Array> {
  const stored = await collect(storedData(source, image).open(), limit)
  if (image.compression === 'none' || image.type === 'ramdisk') return stored
  const compression = detectCompression(stored)
  if (compression === undefined || compression.replace('-frame', '') !== image.compression) {
    throw fitError(
      'compression',
      `the image ${image.name} of the FIT is declared as ${image.compression}, but its data are ${compression ?? 'not compressed'}`,
      { name: image.name, declared: image.compression, found: compression ?? 'none' },
    )
  }
  return (await decompressMember(compression, stored, limit, decompress)).data
}
