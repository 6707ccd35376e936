import { HilError } from '../../core/errors.ts'
import { payloadError } from '../payload-error.ts'
import type { Compression } from './compression.ts'
import { damaged, tooLarge } from './errors.ts'
import { gunzipMember } from './gzip.ts'
import { memberLength } from './member-length.ts'

/**
 * Unpacks one compressed member. It is given exactly the member's bytes where their end can be seen
 * without unpacking (not for lzma), and must not give more than `limit` bytes.
 */
export type Decompressor = (compression: Compression, input: Uint8Array, limit: number) => Promise<Uint8Array>

export interface Decompressed {
  readonly data: Uint8Array
  /** How many bytes of the input the member takes; what follows is something else. */
  readonly consumed: number
}

/**
 * Unpacks the compressed member at the start of `input`: gzip by Node, all others by what the caller
 * gives. Throws HilErrors `compression.*`.
 */
export async function decompressMember(
  compression: Compression,
  input: Uint8Array,
  limit: number,
  other?: Decompressor,
): Promise<Decompressed> {
  if (compression === 'gzip') return gunzipMember(input, limit)
  if (other === undefined) {
    throw payloadError(
      'compression.unsupported',
      `the content is compressed with ${compression}, which is not unpacked here`,
      {
        compression,
      },
    )
  }
  const consumed = memberLength(compression, input) ?? input.length
  const data = await decompressWith(other, compression, input.subarray(0, consumed), limit)
  if (data.length > limit) throw tooLarge(compression, limit)
  return { data, consumed }
}

async function decompressWith(
  decompress: Decompressor,
  ...args: Parameters<Decompressor>
): Promise<Uint8Array> {
  try {
    return await decompress(...args)
  } catch (error) {
    if (error instanceof HilError) throw error
    const [compression] = args
    throw damaged(compression, error)
  }
}
