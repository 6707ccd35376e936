import type { EarlierRun } from '../core/events.ts'
import { plainText } from './rendered-text.ts'
import type { TestRecord } from './run-record.ts'

/**
 * Since when a test fails, in words: `failed for the first time; passed last on 2026-11-27 18:00 UTC with Linux
 * 6.12.1 (reports/...)`.
 */
export function describePast({ failedRuns, since, lastPassed }: NonNullable<TestRecord['past']>): string {
  const runs = `${failedRuns} runs in a row`
  if (lastPassed === undefined)
    return since === undefined ? 'failed' : `has not passed since ${moment(since)}, ${runs}`
  const passed = `passed last on ${moment(lastPassed)} (${plainText(lastPassed.directory)})`
  return since === undefined
    ? `did not fail the last time: ${passed}`
    : `fails since ${moment(since)}, ${runs}; ${passed}`
}

function moment({ startedAt, kernel }: EarlierRun): string {
  const day = startedAt.slice(0, 16).replace('T', ' ')
  return `${day} UTC${kernel === undefined ? '' : ` with Linux ${plainText(kernel)}`}`
}
