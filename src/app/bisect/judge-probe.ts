import type { FailureSignature, ProbeOutcome } from '../../core/bisection-record.ts'
import { verdicts } from '../../core/verdicts.ts'
import { describeFailure, failuresOfRun, isSameFailure } from '../../report/failures-of-run.ts'
import type { RunRecord } from '../../report/run-record.ts'

export interface ProbeJudgement {
  readonly outcome: ProbeOutcome
  /** A sentence. */
  readonly why: string
  readonly signature?: FailureSignature
}

/**
 * What one run says about its kernel.
 *
 * @param wanted the failure that is looked for; undefined before it was seen, and where any failure counts
 * @returns undefined where the run says that nothing can go on: the spec is wrong, hil is, or a person ended it
 */
export function judgeProbe(
  record: RunRecord,
  wanted: FailureSignature | undefined,
): ProbeJudgement | undefined {
  const { finished } = record
  if (finished === undefined || finished.interruptedBy !== undefined) return undefined
  const { verdict, error, counts } = finished
  const failures = failuresOfRun(record)
  const [first] = failures
  const said = first === undefined ? (error?.message ?? verdicts[verdict].means) : describeFailure(first)
  switch (verdict) {
    case 'passed':
    case 'flaky':
      return counts.passed + counts.flaky > 0
        ? { outcome: 'pass', why: 'all tests passed' }
        : { outcome: 'untestable', why: 'all tests were skipped' }
    case 'payload-unusable':
      return { outcome: 'untestable', why: said }
    case 'infrastructure-failed':
      return { outcome: 'infrastructure', why: said, ...(first && { signature: first }) }
    case 'environment-wrong':
    case 'hil-bug':
      return undefined
    case 'test-failed':
    case 'board-failed': {
      const same = wanted === undefined ? first : failures.find((failure) => isSameFailure(failure, wanted))
      if (same !== undefined) return { outcome: 'fail', why: describeFailure(same), signature: same }
      return { outcome: 'other', why: said, ...(first && { signature: first }) }
    }
  }
}
