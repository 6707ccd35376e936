import type { SerializedError } from '../../core/errors.ts'
import { verdicts, type Verdict } from '../../core/verdicts.ts'
import { verdictOfAttempt } from '../failure.ts'
import { runFailure } from '../run-failure.ts'
import { finalAttempt, titleOf, type RunRecord, type TestRecord } from '../run-record.ts'
import type { RunTimeline } from './run-timeline.ts'

/** What went wrong first, and where. */
export interface FirstFailure {
  readonly error: SerializedError
  /** Where the tree shows it; `undefined` for what failed outside of any test. */
  readonly test: TestRecord | undefined
  readonly title: string | undefined
  readonly file: string | undefined
  readonly boards: readonly string[]
  /** Milliseconds since the run began. */
  readonly t: number
}

/** The failure that came first; `undefined` where nothing failed, or only what was repeated did. */
export function firstFailure(record: RunRecord, timeline: RunTimeline): FirstFailure | undefined {
  const failed = record.specs
    .flatMap(({ tests }) => tests)
    .flatMap((test) => failureOf(test, timeline))
    .sort((a, b) => a.t - b.t)
  return failed[0] ?? failureOfRun(record)
}

function failureOf(test: TestRecord, timeline: RunTimeline): readonly FirstFailure[] {
  const last = finalAttempt(test)
  if (last?.ended.outcome !== 'failed') return []
  const { id, boards, file } = test.identity
  const verdict = verdictOfAttempt(last.ended) ?? 'test-failed'
  return [
    {
      error: last.ended.error ?? meaningOf(verdict),
      test,
      title: titleOf(test.identity),
      file,
      boards,
      t: timeline.spanOf(id, last.attempt)?.to ?? last.at,
    },
  ]
}

function failureOfRun(record: RunRecord): FirstFailure | undefined {
  const failure = runFailure(record)
  if (failure === undefined) return undefined
  return {
    error: failure.error ?? { name: failure.type, message: failure.message },
    test: undefined,
    title: undefined,
    file: undefined,
    boards: record.boards.map(({ name }) => name),
    t: record.t,
  }
}

function meaningOf(verdict: Verdict): SerializedError {
  return { name: verdict, message: verdicts[verdict].means }
}
