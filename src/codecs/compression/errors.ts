import type { HilError } from '../../core/errors.ts'
import { payloadError } from '../payload-error.ts'
import type { Compression } from './compression.ts'

export function damaged(compression: Compression, cause: unknown): HilError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return payloadError(
    'compression.damaged',
    `the ${compression} data can't be unpacked: ${why}`,
    { compression },
    cause,
  )
}

export function tooLarge(compression: Compression, limit: number): HilError {
  return payloadError(
    'compression.too-large',
    `the ${compression} data unpack to more than the limit of ${limit} bytes`,
    { compression, limit },
  )
}
