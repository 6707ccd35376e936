import { verdicts } from '../../core/verdicts.ts'
import { quoteConsoles } from '../console-quote.ts'
import type { ConsoleLine } from '../console-text.ts'
import { verdictOfAttempt } from '../failure.ts'
import { formatElapsed } from '../format.ts'
import { describePast } from '../past.ts'
import { runFailure } from '../run-failure.ts'
import { finalAttempt, titleOf, type RunRecord, type TestRecord } from '../run-record.ts'
import { formatFailures, type Failure } from './failures.ts'
import type { Output } from './output.ts'
import type { Paint } from './paint.ts'
import { shownLine } from './shown-text.ts'
import { verdictName } from './tree.ts'

export interface ClosingOptions {
  readonly paint: Paint
  readonly output: Output
  /** As the person would type it. */
  readonly reportDirectory: string | undefined
}

/**
 * The end of a run for people: failures in full, counts, verdict, and where the report is.
 * @param failed in the order in which they were shown
 */
export function closingLines(
  record: RunRecord,
  failed: readonly TestRecord[],
  { paint, output, reportDirectory }: ClosingOptions,
): readonly string[] {
  const failures = [
    ...failed.flatMap((test) => testFailure(test, record)),
    ...runFailures(record, failed.length > 0 ? ['the run'] : []),
  ]
  return [
    ...formatFailures(failures, { paint, output }),
    '',
    ...resultLines(record, paint),
    ...releaseLines(record, paint),
    ...(reportDirectory === undefined ? [] : [`Report: ${reportDirectory}`]),
  ]
}

/** Whether a test counts among the failures; a flaky one does not. */
export function isFailedTest(test: TestRecord): boolean {
  return finalAttempt(test)?.ended.outcome === 'failed'
}

/** Of each console. */
const shownLines = 12
const shownReportLines = 20

function testFailure(test: TestRecord, record: RunRecord): readonly Failure[] {
  const last = finalAttempt(test)
  if (last === undefined) return []
  const { boards, file } = test.identity
  const verdict = verdictOfAttempt(last.ended) ?? 'test-failed'
  return [
    {
      title: [shownLine(`${boards.join(' + ')}  ${file}`), shownLine(titleOf(test.identity))],
      verdict,
      error: last.ended.error ?? { name: 'Error', message: verdicts[verdict].means },
      file,
      past: test.past && describePast(test.past),
      consoles: quoteConsoles(last.ended.error, record, {
        lastLines: verdict === 'test-failed' ? linesSince(last.at, last.lastLines) : last.lastLines,
        since: last.at,
        mostLines: shownLines,
        mostReportLines: shownReportLines,
      }),
      attempts: test.attempts.length,
    },
  ]
}

/** What a board said before the test began has nothing to do with an assertion that failed. */
type LastLines = Readonly<Record<string, readonly ConsoleLine[]>>

function linesSince(t: number, all: LastLines): LastLines {
  const since = Object.entries(all).map(
    ([board, lines]) => [board, lines.filter((line) => line.t >= t)] as const,
  )
  return Object.fromEntries(since.filter(([, lines]) => lines.length > 0))
}

function runFailures(record: RunRecord, title: readonly string[]): readonly Failure[] {
  const failure = runFailure(record)
  const { finished } = record
  if (failure === undefined || finished === undefined || finished.interruptedBy !== undefined) return []
  const { blame } = verdicts[finished.verdict]
  const isOfBoard = blame === 'board' || blame === 'infrastructure'
  const talkative = record.boards.filter(({ received }) => isOfBoard && received > 0)
  return [
    {
      title,
      verdict: finished.verdict,
      error: failure.error ?? { name: failure.type, message: failure.message },
      consoles: quoteConsoles(failure.error, record, {
        lastLines: Object.fromEntries(talkative.map(({ name, lastLines }) => [name, lastLines])),
        since: 0,
        mostLines: shownLines,
        mostReportLines: shownReportLines,
      }),
      attempts: 1,
    },
  ]
}

function resultLines({ finished, specs, t }: RunRecord, paint: Paint): readonly string[] {
  if (finished === undefined) return [paint('red', `the run was cut off after ${formatElapsed(t)}`)]
  const { counts, durationMs, verdict, exitCode, interruptedBy } = finished
  const notRun = specs.flatMap(({ tests }) => tests.filter((test) => finalAttempt(test) === undefined)).length
  const parts = [
    paint(counts.passed > 0 ? 'green' : 'dim', `${counts.passed} passed`),
    ...(counts.failed > 0 ? [paint('red', `${counts.failed} failed`)] : []),
    ...(counts.flaky > 0 ? [paint('yellow', `${counts.flaky} flaky`)] : []),
    ...(counts.skipped > 0 ? [paint('cyan', `${counts.skipped} skipped`)] : []),
    ...(notRun > 0 ? [paint('cyan', `${notRun} not run`)] : []),
  ]
  const line = `${parts.join(', ')}  ${paint('dim', formatElapsed(durationMs))}`
  if (interruptedBy !== undefined) {
    return [line, paint('yellow', `Interrupted by ${interruptedBy} (exit ${exitCode})`)]
  }
  if (exitCode === 0) return [line]
  return [line, paint('red', `Verdict: ${verdictName(verdict)} (exit ${exitCode})`)]
}

/** Where a board could not be released as it should be: somebody may have to go there. */
function releaseLines({ boards }: RunRecord, paint: Paint): readonly string[] {
  return boards.flatMap(({ name, released }) =>
    (released?.failures ?? []).map(
      (failure) =>
        `${paint('yellow', 'warning:')} ${shownLine(name)} was not released cleanly: ${shownLine(failure)}`,
    ),
  )
}
