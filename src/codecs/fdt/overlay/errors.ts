import type { HilError, ErrorDetails } from '../../../core/errors.ts'
import { payloadError } from '../../payload-error.ts'

export type OverlayFault =
  /** The tree has no node where the overlay wants to change one. */
  | 'target'
  /** The tree has no such label: it was built without `dtc -@`, or is another board's. */
  | 'symbol'
  | 'fixup'
  | 'phandle'
  /** There is nothing to apply. */
  | 'empty'

export function overlayError(fault: OverlayFault, message: string, details: ErrorDetails = {}): HilError {
  return payloadError(`fdt.overlay-${fault}`, message, details)
}
