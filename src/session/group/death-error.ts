import type { SerializedError } from '../../core/errors.ts'
import type { WorkerEnd } from './spec-worker.ts'

/** Why a test has no result of its own: the process in which it ran is gone. */
export function deathError(end: WorkerEnd, file: string, test: string | undefined): SerializedError {
  const where = test === undefined ? file : `"${test}"`
  return {
    name: 'HilError',
    // Out of memory or processes: the only one of them that is not the spec's own doing.
    blame: end.exitCode === null && end.signal === null ? 'infrastructure' : 'test',
    details: { ...end },
    ...describe(end, where),
  }
}

function describe({ wasHung, exitCode, signal }: WorkerEnd, where: string) {
  if (wasHung) {
    return {
      code: 'spec.hung',
      message: `${where} blocked its process: it ran without a pause past its limit of time, and was killed`,
    }
  }
  if (signal !== null) {
    return { code: 'spec.crashed', message: `the process of ${where} was ended by ${signal}` }
  }
  if (exitCode === null) {
    return { code: 'spec.not-started', message: `the process for ${where} could not be started` }
  }
  return {
    code: 'spec.exited',
    message: `the process of ${where} ended with code ${exitCode} in the middle; a spec must not call process.exit`,
  }
}
