import type { RandomAccess } from '../random-access.ts'
import { fitError } from './errors.ts'
import type { Fit, FitHash, FitImage } from './fit.ts'
import { hashContent, isHashAlgorithm } from './hash.ts'
import { storedData } from './image-data.ts'

/** What came out for one hash of one image. */
export interface HashCheck {
  readonly image: string
  readonly hash: string
  readonly algorithm: string
  readonly result: 'ok' | 'bad' | 'unknown-algorithm'
  /** In hexadecimal. */
  readonly expected: string
  readonly actual: string | undefined
}

export interface FitVerification {
  readonly checks: readonly HashCheck[]
  /** Images that nothing protects. */
  readonly withoutHash: readonly string[]
  readonly ok: boolean
}

/**
 * Computes all hashes of all images, over the data as they are stored. One pass over the file, a
 * chunk of it in memory: images may share their data as a whole, but not overlap otherwise. Throws
 * `fit.truncated`, `fit.no-data` and `fit.overlap`.
 */
export async function verifyFit(
  source: RandomAccess,
  { images }: Pick<Fit, 'images'>,
): Promise<FitVerification> {
  const checks: HashCheck[] = []
  for (const sharing of sharedData([...images.values()])) checks.push(...(await verifyData(source, sharing)))
  const withoutHash = [...images.values()].filter(({ hashes }) => hashes.length === 0).map(({ name }) => name)
  return { checks, withoutHash, ok: checks.every(({ result }) => result === 'ok') }
}

/** Images by their data, which are looked at once. */
function sharedData(images: readonly FitImage[]): Iterable<readonly FitImage[]> {
  const groups = new Map<string, FitImage[]>()
  for (const image of images) {
    const { name, data } = image
    const key = data === undefined ? name : `${data.offset} ${data.size}`
    const sharing = groups.get(key)
    if (sharing === undefined) groups.set(key, [image])
    else sharing.push(image)
  }
  const placed = [...groups.values()].flatMap(([image]) =>
    image?.data?.size ? [{ ...image.data, image }] : [],
  )
  placed.sort((a, b) => a.offset - b.offset)
  let before: (typeof placed)[number] | undefined
  for (const each of placed) {
    if (before !== undefined && each.offset < before.offset + before.size)
      throw overlap(before.image, each.image)
    before = each
  }
  return groups.values()
}

function overlap({ name: one }: FitImage, { name: other }: FitImage) {
  return fitError('overlap', `the data of ${other} begin within those of ${one}: no tool writes such a FIT`, {
    images: [one, other],
  })
}

async function verifyData(source: RandomAccess, images: readonly FitImage[]): Promise<HashCheck[]> {
  const [first] = images
  if (first === undefined) return []
  const wanted = images.flatMap(({ hashes }) => hashes.map(({ algorithm }) => algorithm))
  const known = new Set(wanted.filter(isHashAlgorithm))
  const data = storedData(source, first)
  const computed = known.size === 0 ? new Map<string, Uint8Array>() : await hashContent(data.open(), known)
  return images.flatMap(({ name, hashes }) =>
    hashes.map((hash) => checkHash(name, hash, computed.get(hash.algorithm))),
  )
}

function checkHash(
  image: string,
  { name, algorithm, value }: FitHash,
  computed: Uint8Array | undefined,
): HashCheck {
  const expected = Buffer.from(value).toString('hex')
  const actual = computed && Buffer.from(computed).toString('hex')
  const result = actual === undefined ? 'unknown-algorithm' : actual === expected ? 'ok' : 'bad'
  return { image, hash: name, algorithm, result, expected, actual }
}
