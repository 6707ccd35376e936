import type { FailureSignature } from '../../../core/bisection-record.ts'
import { blameOf, HilError, messageOf } from '../../../core/errors.ts'
import { isHostFailure } from '../../../core/host-failure.ts'
import type { CellAttempt } from '../../../core/night-record.ts'
import { isPass, verdictOf, verdicts } from '../../../core/verdicts.ts'
import { describeFailure, failuresOfRun } from '../../../report/failures-of-run.ts'
import type { RunRecord } from '../../../report/run-record.ts'
import type { BootCollector } from '../../history/collect-boots.ts'
import type { SingleRun } from '../../run/single-run.ts'

/** What a run in a cell came to. @param boots what was seen of its boots @param place where a report is, as seen from the night's */
export function toAttempt(
  { record, outcome, startedAt, durationMs, powerCycles, report }: SingleRun,
  boots: BootCollector,
  place: (report: string) => string,
): CellAttempt {
  const { verdict, counts } = outcome
  const [signature] = failuresOfRun(record)
  const [first] = boots.end()
  const bootMs = first?.stages.at(-1)?.at
  return {
    ...{ startedAt, durationMs, verdict, counts, powerCycles, report: place(report) },
    why:
      isPass(verdict) && counts.passed + counts.flaky === 0
        ? 'all tests were skipped'
        : whyOf(outcome, signature),
    ...(verdict === 'infrastructure-failed' && isOfHost(record) && { isOfHost: true }),
    ...(signature && { signature }),
    ...(bootMs !== undefined && { bootMs }),
    ...(first?.kernel !== undefined && { kernel: first.kernel }),
  }
}

/** What decided comes first: what went wrong at the end, when a test had failed by then, is but a remark. */
function whyOf({ verdict, error }: SingleRun['outcome'], signature: FailureSignature | undefined): string {
  if (error === undefined)
    return signature === undefined ? verdicts[verdict].means : describeFailure(signature)
  const isRemark = signature !== undefined && verdictOf(blameOf(error)) !== verdict
  return isRemark ? `${describeFailure(signature)}; and ${messageOf(error)}` : messageOf(error)
}

/** Whether all that the bench has failed was the host's fault. */
function isOfHost({ specs, finished }: RunRecord): boolean {
  const ended = specs.flatMap(({ tests }) => tests).flatMap(({ attempts }) => attempts.at(-1)?.ended ?? [])
  const errors = [...ended.flatMap(({ error }) => error ?? []), ...(finished?.error ? [finished.error] : [])]
  const failures = errors.filter(({ blame }) => blame === 'infrastructure')
  return failures.length > 0 && failures.every(isHostFailure)
}

/** A run of which there is no report. */
export function brokenAttempt(error: unknown, startedAt: string, durationMs: number): CellAttempt {
  const isFull = error instanceof HilError && error.blame !== 'hil'
  return {
    ...{
      startedAt,
      durationMs,
      verdict: isFull ? 'infrastructure-failed' : 'hil-bug',
      why: messageOf(error),
    },
    ...(isFull && { isOfHost: true }),
    counts: { passed: 0, failed: 0, skipped: 0, flaky: 0 },
    powerCycles: 0,
  }
}
