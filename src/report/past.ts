import type { EarlierRun } from '../core/events.ts'
import { formatMoment } from '../core/moment.ts'
import { plainText } from './rendered-text.ts'
import type { TestRecord } from './run-record.ts'

/**
 * Since when a test fails, in words: `fails since 2026-11-25 18:00 UTC with Linux 6.13.0, 3 runs in a row; passed last
 * on 2026-11-24 18:00 UTC with Linux 6.12.1 (reports/...)`.
 */
export function describePast({ failedRuns, since, lastPassed }: NonNullable<TestRecord['past']>): string {
  const runs = `${failedRuns} runs in a row`
  if (lastPassed === undefined) {
    return since === undefined ? 'failed' : `has not passed yet, ${runs} since ${momentOf(since)}`
  }
  const isSameKernel = since?.kernel !== undefined && since.kernel === lastPassed.kernel
  const kernel = isSameKernel ? ' with the same kernel' : kernelOf(lastPassed)
  const passed = `passed last on ${dayOf(lastPassed)}${kernel} (${plainText(lastPassed.directory)})`
  return since === undefined
    ? `did not fail the last time: ${passed}`
    : `fails since ${momentOf(since)}, ${runs}; ${passed}`
}

/** The same where there is little room: `fails since 2026-11-25 18:00 UTC, 3 runs`. */
export function pastInBrief({ failedRuns, since, lastPassed }: NonNullable<TestRecord['past']>): string {
  if (since === undefined) return lastPassed === undefined ? 'failed' : 'passed the last time'
  return lastPassed === undefined
    ? `has not passed yet, ${failedRuns} runs since ${dayOf(since)}`
    : `fails since ${dayOf(since)}, ${failedRuns} runs`
}

function momentOf(run: EarlierRun): string {
  return `${dayOf(run)}${kernelOf(run)}`
}

function dayOf({ startedAt }: EarlierRun): string {
  return formatMoment(startedAt)
}

function kernelOf({ kernel }: EarlierRun): string {
  return kernel === undefined ? '' : ` with Linux ${plainText(kernel)}`
}
