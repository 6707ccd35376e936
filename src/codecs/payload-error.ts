import { HilError, type ErrorDetails } from '../core/errors.ts'

/**
 * The error of every codec: the bytes are wrong, so whoever made the payload has to act.
 *
 * @param code `area.what`, e.g. `fdt.truncated`
 */
export function payloadError(
  code: string,
  message: string,
  details: ErrorDetails = {},
  cause?: unknown,
): HilError {
  return new HilError(code, message, { blame: 'payload', details, cause })
}
