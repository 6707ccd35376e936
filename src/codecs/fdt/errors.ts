import type { HilError, ErrorDetails } from '../../core/errors.ts'
import { payloadError } from '../payload-error.ts'

export type FdtFault =
  /** The file ends before the tree does. */
  | 'truncated'
  | 'magic'
  | 'version'
  /** The blocks are not where they could be. */
  | 'layout'
  | 'reserve-map'
  | 'structure'
  /** A value that is not what its property needs. */
  | 'value'

/**
 * @param offset where in the file the fault is
 * @param what the rest of a sentence that begins with "the device tree"
 */
export function fdtError(
  fault: FdtFault,
  offset: number,
  what: string,
  details: ErrorDetails = {},
): HilError {
  return payloadError(`fdt.${fault}`, `the device tree ${what} (at offset ${offset})`, { offset, ...details })
}
