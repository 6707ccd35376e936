import { HilError } from '../../core/errors.ts'
import { reasonOf } from '../../core/reason-of.ts'
import type { ReporterFailure } from '../../report/multiplexer.ts'

/**
 * A report that could not be written fails the run, whatever its tests said: nobody could see it.
 * @throws HilError `report.write`: a full disk is infrastructure, anything else a bug of ours
 */
export function explainReporterFailures(failures: readonly ReporterFailure[]): void {
  const [first] = failures
  if (first === undefined) return
  const sentences = failures.map(
    ({ reporter, error }) => `${reporter} could not be written: ${reasonOf(error)}`,
  )
  throw new HilError('report.write', sentences.join('; '), {
    blame: failures.every(({ error }) => isSystemError(error)) ? 'infrastructure' : 'hil',
    cause: first.error,
  })
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}
