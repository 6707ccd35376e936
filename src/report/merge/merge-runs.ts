import { gravest, type Verdict } from '../../core/verdicts.ts'
import { sentenceOf, verdictOfAttempt } from '../failure.ts'
import { runFailure } from '../run-failure.ts'
import { finalAttempt, titleOf, type RunRecord, type TestRecord } from '../run-record.ts'

/** So many characters of an error are shown in a cell; its report has all. */
const longestError = 200

/** A run that is joined with others. */
export interface MergedRun {
  /** The directory, as the person typed it. */
  readonly source: string
  readonly record: RunRecord
}

/** Runs of several boards, or shards of one run, in one. */
export interface Overview {
  readonly runs: readonly RunRow[]
  /** Boards, or groups that a test held together: the columns. */
  readonly boards: readonly string[]
  readonly tests: readonly TestRow[]
  /** The gravest of all runs; `undefined` where one of them did not come to its end. */
  readonly verdict: Verdict | undefined
  readonly counts: { passed: number; failed: number; skipped: number; flaky: number; 'not run': number }
}

export interface RunRow extends MergedRun {
  readonly verdict: Verdict | 'interrupted' | 'cut off'
  /** What went wrong outside of its tests. */
  readonly trouble: string | undefined
}

/** A test on all boards. */
export interface TestRow {
  readonly file: string
  readonly title: string
  /** By board, in the order of the runs; a board it did not run on is not among them. */
  readonly results: ReadonlyMap<string, readonly TestResult[]>
}

export interface TestResult {
  readonly run: MergedRun
  /** A verdict, `skipped`, `not run` or `unfinished`. */
  readonly outcome: Verdict | 'skipped' | 'not run' | 'unfinished'
  readonly durationMs: number | undefined
  /** When it began, in milliseconds since its run did. */
  readonly at: number | undefined
  /** What failed, in one line. */
  readonly error: string | undefined
}

/** @param runs in any order */
export function mergeRuns(runs: readonly MergedRun[]): Overview {
  const sorted = runs.toSorted((a, b) => startOf(a).localeCompare(startOf(b)))
  const rows = sorted.map(toRunRow)
  const tests = new Map<string, { file: string; title: string; results: Map<string, TestResult[]> }>()
  const boards = new Set<string>()
  for (const run of sorted) {
    for (const { file, boards: names, tests: found } of run.record.specs) {
      const board = names.join(' + ')
      boards.add(board)
      for (const test of found) {
        const title = titleOf(test.identity)
        const key = `${file}\0${title}`
        const row = tests.get(key) ?? { file, title, results: new Map<string, TestResult[]>() }
        tests.set(key, row)
        row.results.set(board, [...(row.results.get(board) ?? []), toResult(test, run)])
      }
    }
    // A board that came to no test is a column all the same: an empty one tells.
    for (const { name } of run.record.boards) if (!isIn(name, boards)) boards.add(name)
  }
  const all = [...tests.values()].sort((a, b) => a.file.localeCompare(b.file))
  return {
    runs: rows,
    boards: [...boards].sort((a, b) => a.localeCompare(b, 'en', { numeric: true })),
    tests: all,
    verdict: verdictOfAll(rows),
    counts: countsOf(all),
  }
}

/** Of several results on one board the gravest is shown. */
export function worst(results: readonly TestResult[]): TestResult | undefined {
  const verdict = gravest(results.flatMap(({ outcome }) => (isVerdict(outcome) ? [outcome] : [])))
  return (
    (verdict === 'passed' ? undefined : results.find(({ outcome }) => outcome === verdict)) ??
    results.find(({ outcome }) => outcome === 'unfinished') ??
    results.find(({ outcome }) => outcome === 'passed') ??
    results.find(({ outcome }) => outcome === 'skipped') ??
    results[0]
  )
}

function isVerdict(outcome: TestResult['outcome']): outcome is Verdict {
  return outcome !== 'skipped' && outcome !== 'not run' && outcome !== 'unfinished'
}

function startOf({ record }: MergedRun): string {
  return record.started?.startedAt ?? ''
}

function isIn(board: string, groups: ReadonlySet<string>): boolean {
  return [...groups].some((group) => group.split(' + ').includes(board))
}

function toRunRow(run: MergedRun): RunRow {
  const { finished } = run.record
  const verdict =
    finished === undefined
      ? 'cut off'
      : finished.interruptedBy === undefined
        ? finished.verdict
        : 'interrupted'
  return { ...run, verdict, trouble: runFailure(run.record)?.message }
}

function toResult(test: TestRecord, run: MergedRun): TestResult {
  const last = finalAttempt(test)
  const at = test.attempts.at(-1)?.at
  if (last === undefined) {
    const outcome = test.attempts.length === 0 ? 'not run' : 'unfinished'
    return { run, outcome, durationMs: undefined, at, error: undefined }
  }
  const { error, outcome, durationMs } = last.ended
  const sentence = outcome === 'failed' && error !== undefined ? inOneLine(sentenceOf(error)) : undefined
  return { run, outcome: verdictOfAttempt(last.ended) ?? 'skipped', durationMs, at, error: sentence }
}

function inOneLine(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ')
  return line.length <= longestError ? line : `${line.slice(0, longestError)}…`
}

function verdictOfAll(runs: readonly RunRow[]): Verdict | undefined {
  const verdicts = runs.map(({ verdict }) => verdict)
  const complete = verdicts.filter((verdict) => verdict !== 'cut off' && verdict !== 'interrupted')
  const all = gravest(complete)
  return complete.length < verdicts.length && (all === 'passed' || all === 'flaky') ? undefined : all
}

function countsOf(tests: readonly TestRow[]): Overview['counts'] {
  const counts = { passed: 0, failed: 0, skipped: 0, flaky: 0, 'not run': 0 }
  for (const { results } of tests) {
    for (const ofBoard of results.values()) {
      const outcome = worst(ofBoard)?.outcome ?? 'not run'
      const isCounted =
        outcome === 'passed' || outcome === 'skipped' || outcome === 'flaky' || outcome === 'not run'
      counts[isCounted ? outcome : 'failed']++
    }
  }
  return counts
}
