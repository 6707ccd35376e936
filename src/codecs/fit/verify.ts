import type { RandomAccess } from '../random-access.ts'
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
 * chunk of it in memory. Throws `fit.truncated` and `fit.no-data`.
 */
export async function verifyFit(
  source: RandomAccess,
  { images }: Pick<Fit, 'images'>,
): Promise<FitVerification> {
  const checks: HashCheck[] = []
  for (const image of images.values()) checks.push(...(await verifyImage(source, image)))
  const withoutHash = [...images.values()].filter(({ hashes }) => hashes.length === 0).map(({ name }) => name)
  return { checks, withoutHash, ok: checks.every(({ result }) => result === 'ok') }
}

async function verifyImage(source: RandomAccess, image: FitImage): Promise<HashCheck[]> {
  const known = image.hashes.map(({ algorithm }) => algorithm).filter(isHashAlgorithm)
  const data = storedData(source, image)
  const computed = known.length === 0 ? new Map<string, Uint8Array>() : await hashContent(data.open(), known)
  return image.hashes.map((hash) => checkHash(image.name, hash, computed.get(hash.algorithm)))
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
