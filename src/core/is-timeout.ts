import { isDeadlineExceeded } from './deadline.ts'
import { HilError } from './errors.ts'

/** Whether `error` says that something did not come in time, and not that it failed or was cancelled. */
export function isTimeout(error: unknown): error is HilError {
  return isDeadlineExceeded(error) || (error instanceof HilError && error.code === 'console.timeout')
}

/** How many bytes arrived during a wait that ended in time-out. */
export function receivedDuring(error: HilError): number {
  const { received } = error.details
  return typeof received === 'number' ? received : 0
}
