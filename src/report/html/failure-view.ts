import type { SerializedError } from '../../core/errors.ts'
import { verdicts, type Verdict } from '../../core/verdicts.ts'
import { verdictOfAttempt } from '../failure.ts'
import { runFailure } from '../run-failure.ts'
import { finalAttempt, titleOf, type RunRecord, type TestRecord } from '../run-record.ts'
import type { Span } from './page-data.ts'
import type { RunTimeline } from './run-timeline.ts'

/** What went wrong, and where. */
export interface FirstFailure {
  readonly error: SerializedError
  /** Where the tree shows it; `undefined` for what failed outside of any test. */
  readonly test: TestRecord | undefined
  readonly title: string | undefined
  readonly file: string | undefined
  readonly boards: readonly string[]
  /** Milliseconds since the run began: when the kernel said it, or when the test ended. */
  readonly t: number
  /** How many tests failed beside this one. */
  readonly others: number
}

/**
 * The failure for which the run has its verdict, the first of them; `undefined` where nothing failed, or only what
 * was repeated did.
 */
export function firstFailure(record: RunRecord, timeline: RunTimeline): FirstFailure | undefined {
  const failed = record.specs
    .flatMap(({ tests }) => tests)
    .flatMap((test) => failureOf(test, timeline))
    .sort((a, b) => a.t - b.t)
  const decisive = failed.find(({ verdict }) => verdict === record.finished?.verdict)
  const found = decisive ?? failureOfRun(record) ?? failed[0]
  return found && { ...found, others: failed.filter((failure) => failure !== found).length }
}

interface Failed extends Omit<FirstFailure, 'others'> {
  readonly verdict: Verdict | undefined
}

function failureOf(test: TestRecord, timeline: RunTimeline): readonly Failed[] {
  const last = finalAttempt(test)
  if (last?.ended.outcome !== 'failed') return []
  const { id, boards, file } = test.identity
  const verdict = verdictOfAttempt(last.ended) ?? 'test-failed'
  const span = timeline.spanOf(id, last.attempt)
  const error = last.ended.error ?? meaningOf(verdict)
  return [
    {
      verdict,
      error,
      test,
      title: titleOf(test.identity),
      file,
      boards,
      t: (span && momentOf(error, span, timeline)) ?? span?.to ?? last.at,
    },
  ]
}

/** When the kernel said what a test failed for. */
function momentOf({ details }: SerializedError, { from, to }: Span, { boards }: RunTimeline) {
  const { board, title } = details ?? {}
  const findings = boards.find(({ name }) => name === board)?.findings
  return findings?.find((finding) => finding.title === title && finding.t >= from && finding.t <= to)?.t
}

function failureOfRun(record: RunRecord): Failed | undefined {
  const failure = runFailure(record)
  if (failure === undefined) return undefined
  return {
    verdict: record.finished?.verdict,
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
