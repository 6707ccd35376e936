import type { SerializedError } from '../core/errors.ts'
import { verdicts } from '../core/verdicts.ts'
import { sentenceOf, verdictOfAttempt } from './failure.ts'
import { finalAttempt, type RunRecord } from './run-record.ts'

/** What went wrong with a run as a whole, where no test says so. */
export interface RunFailure {
  readonly kind: 'failure' | 'error'
  readonly type: string
  readonly message: string
  readonly error?: SerializedError
}

/** Why a run failed apart from its tests; `undefined` where the tests tell it all. */
export function runFailure({ finished, specs }: RunRecord): RunFailure | undefined {
  if (finished === undefined) {
    return { kind: 'error', type: 'unfinished', message: 'the run was cut off: its last events are missing' }
  }
  const { verdict, error, interruptedBy } = finished
  const { junit, means } = verdicts[verdict]
  const kind = junit === 'failure' ? 'failure' : 'error'
  if (error !== undefined) return { kind, type: error.code ?? verdict, message: sentenceOf(error), error }
  if (interruptedBy !== undefined) {
    return { kind: 'error', type: 'interrupted', message: `the run was interrupted by ${interruptedBy}` }
  }
  if (junit === 'none' || junit === 'flakyFailure') return undefined
  const said = specs.some(({ tests }) =>
    tests.some((test) => {
      const last = finalAttempt(test)
      return last !== undefined && verdictOfAttempt(last.ended) === verdict
    }),
  )
  return said ? undefined : { kind, type: verdict, message: means }
}
