import { basename, join } from 'node:path'
import type { Blame } from '../../core/errors.ts'
import type { RunEvent } from '../../core/events.ts'
import type { ErrorResult, RunResult, TestResult } from '../../history/run-result.ts'
import { toSummary, type Summary, type SummaryTest } from '../../report/files/summary.ts'
import { readEvents } from '../../report/read-events.ts'
import { titleOf, type RunRecord } from '../../report/run-record.ts'
import { RunRecorder } from '../../report/run-recorder.ts'
import { BootCollector } from './collect-boots.ts'

/** Longer sentences of errors are cut. */
const keptMessage = 500

/**
 * Reads what history keeps of a run from the directory it left.
 * @param name how the directory is to be called in answers
 * @throws HilError `report.events` (environment)
 */
export async function collectRun(directory: string, name: string): Promise<RunResult> {
  return collect(readEvents(join(directory, 'events.jsonl')), name)
}

/** The id of a run, from the first of its events. @throws HilError `report.events` (environment) */
export async function readRunId(directory: string): Promise<string> {
  for await (const event of readEvents(join(directory, 'events.jsonl'))) {
    if (event.type === 'run-started') return event.runId
  }
  return ''
}

export async function collect(
  events: AsyncIterable<RunEvent> | Iterable<RunEvent>,
  name: string,
): Promise<RunResult> {
  const recorder = new RunRecorder()
  const boots = new BootCollector()
  for await (const event of events) {
    recorder.add(event)
    boots.add(event)
  }
  const { record } = recorder
  const summary = toSummary(record)
  return {
    id: summary.runId ?? '',
    startedAt: Date.parse(summary.startedAt ?? ''),
    durationMs: summary.durationMs,
    verdict: summary.verdict,
    interruptedBy: summary.interruptedBy,
    environment: basename(summary.environment ?? ''),
    directory: name,
    hil: summary.versions['hil'],
    boards: summary.boards.map(({ name, architecture }) => ({ name, architecture })),
    tests: summary.tests.map(toTest),
    boots: boots.end(),
    findings: summary.boards.flatMap((board) =>
      board.findings.map(({ level, kind, signature, title }) => ({
        ...{ board: board.name, level, kind, signature, title },
      })),
    ),
    errors: errorsOf(summary, record),
  }
}

function toTest(test: SummaryTest): TestResult {
  const { file, boards, outcome, verdict, durationMs, attempts } = test
  const error = attempts.findLast((attempt) => attempt.error !== undefined)?.error?.message
  return {
    ...{ file, outcome, verdict, durationMs },
    title: titleOf(test),
    board: boards.join(' + '),
    attempts: attempts.length,
    error: error?.slice(0, keptMessage),
  }
}

/** Every error once: one of a way to a state is told by the tests that wanted to go there, too. */
function errorsOf({ boards, tests, error }: Summary, { finished }: RunRecord): readonly ErrorResult[] {
  const about = finished?.error?.details?.['board']
  const found = [
    ...boards.flatMap(({ name, transitions, releaseFailures }) => [
      ...transitions.map((transition) => toError(name, transition.error)),
      ...releaseFailures.map((message) =>
        toError(name, { type: 'board.release', blame: 'infrastructure', message }),
      ),
    ]),
    ...tests.flatMap(({ boards, attempts }) =>
      attempts.map((attempt) => toError(boards.length === 1 ? boards[0] : undefined, attempt.error)),
    ),
    toError(typeof about === 'string' ? about : undefined, error),
  ].filter((entry) => entry !== undefined)
  const known = new Set<string>()
  return found.filter(({ code, message }) => {
    const key = `${code}\0${message}`
    if (known.has(key)) return false
    known.add(key)
    return true
  })
}

function toError(
  board: string | undefined,
  error: { readonly type: string; readonly blame: string | undefined; readonly message: string } | undefined,
): ErrorResult | undefined {
  if (error === undefined) return undefined
  const blame = (error.blame ?? 'test') as Blame
  return { board, blame, code: error.type, message: error.message.slice(0, keptMessage) }
}
