import type { ErrorDetails, HilError } from '../../core/errors.ts'
import { payloadError } from '../payload-error.ts'

export type FitFault =
  /** A device tree, but no FIT. */
  | 'no-fit'
  /** A property of an image or configuration is not what it has to be. */
  | 'malformed'
  | 'no-image'
  | 'no-data'
  /** Data are beyond the end of the file. */
  | 'truncated'
  /** Images lie within others. */
  | 'overlap'
  /** Data are not compressed in the way that is declared. */
  | 'compression'
  /** What is to be built can't be. */
  | 'invalid'

export function fitError(
  fault: FitFault,
  message: string,
  details: ErrorDetails = {},
  cause?: unknown,
): HilError {
  return payloadError(`fit.${fault}`, message, details, cause)
}
