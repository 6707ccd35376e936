import type { SerializedError } from '../../core/errors.ts'
import { verdicts, type Verdict } from '../../core/verdicts.ts'
import { deadlineChain, sentenceOf, skipReason, verdictOfAttempt } from '../failure.ts'
import type {
  AttemptRecord,
  BoardRecord,
  BootRecord,
  FindingRecord,
  Part,
  RunRecord,
  TestRecord,
  Transition,
} from '../run-record.ts'
import { finalAttempt } from '../run-record.ts'
import { consoleFileNames } from './console-files.ts'

/** The version of the shape below; it changes when a field changes its meaning or goes. */
export const summaryVersion = 1

/** What `summary.json` holds: a run on one page, for scripts. Times in milliseconds; see docs/reports.md. */
export interface Summary {
  readonly version: number
  readonly runId: string | undefined
  /** ISO 8601, UTC. */
  readonly startedAt: string | undefined
  readonly durationMs: number
  /** Absent when the run did not come to its end: it was interrupted or killed. */
  readonly verdict: Verdict | undefined
  /** Who has to act. */
  readonly blame: string | undefined
  readonly exitCode: number | undefined
  readonly interruptedBy: string | undefined
  /** What failed outside of any test. */
  readonly error: SummaryError | undefined
  readonly counts: { passed: number; failed: number; skipped: number; flaky: number } | undefined
  readonly command: readonly string[]
  readonly environment: string | undefined
  readonly specs: readonly string[]
  readonly versions: Readonly<Record<string, string>>
  readonly boards: readonly SummaryBoard[]
  readonly tests: readonly SummaryTest[]
  readonly notes: readonly { t: number; level: string; board: string | undefined; message: string }[]
}

export interface SummaryError {
  readonly type: string
  readonly blame: string | undefined
  readonly message: string
  readonly deadlines: readonly { label: string; budgetMs: number; elapsedMs: number }[] | undefined
}

export interface SummaryBoard {
  readonly name: string
  readonly architecture: string | undefined
  readonly compatible: readonly string[]
  readonly versions: Readonly<Record<string, string>>
  /** As the run left it. */
  readonly power: string
  readonly state: string | undefined
  /** What failed while it was released. */
  readonly releaseFailures: readonly string[]
  readonly console: { log: string; raw: string; bytes: number }
  readonly transitions: readonly SummaryTransition[]
  /** What each boot has proven of what was booted. */
  readonly boots: readonly BootRecord[]
  /** What the kernel complained about; `info` is what was allowed. */
  readonly findings: readonly FindingRecord[]
}

export interface SummaryTransition {
  readonly from: string
  readonly to: string
  readonly at: number
  readonly durationMs: number
  readonly by: string
  readonly error: SummaryError | undefined
}

export interface SummaryTest {
  readonly id: string
  readonly file: string
  readonly boards: readonly string[]
  readonly titles: readonly string[]
  /** `unfinished` where the run ended first. */
  readonly outcome: 'passed' | 'failed' | 'skipped' | 'flaky' | 'not run' | 'unfinished'
  readonly verdict: Verdict | undefined
  readonly durationMs: number
  /** Why it was skipped, where that is known. */
  readonly reason: string | undefined
  /** Since when it fails, where history knows. */
  readonly past: TestRecord['past']
  readonly attempts: readonly SummaryAttempt[]
}

export interface SummaryAttempt {
  readonly attempt: number
  readonly at: number
  readonly outcome: string
  readonly durationMs: number | undefined
  readonly error: SummaryError | undefined
  /** Which bytes of each board's raw console arrived during it: [from, to). */
  readonly console: Readonly<Record<string, readonly [number, number]>>
  readonly steps: readonly SummaryStep[]
}

export interface SummaryStep {
  readonly kind: Part['kind']
  readonly title: string
  readonly board: string | undefined
  readonly at: number
  readonly durationMs: number | undefined
  readonly steps: readonly SummaryStep[] | undefined
}

export function toSummary(record: RunRecord): Summary {
  const { started, finished } = record
  const verdict = finished?.interruptedBy === undefined ? finished?.verdict : undefined
  return {
    version: summaryVersion,
    runId: started?.runId,
    startedAt: started?.startedAt,
    durationMs: finished?.durationMs ?? record.t,
    verdict,
    blame: verdict === undefined ? undefined : verdicts[verdict].blame,
    exitCode: finished?.exitCode,
    interruptedBy: finished?.interruptedBy,
    error: toError(finished?.error),
    counts: finished?.counts,
    command: started?.argv ?? [],
    environment: started?.environmentFile,
    specs: started?.specs ?? [],
    versions: started?.versions ?? {},
    boards: record.boards.map((board) => toBoard(board, started?.boards ?? [])),
    tests: record.specs.flatMap(({ tests }) => tests.map(toTest)),
    notes: record.notes.map(({ t, level, board, message }) => ({ t, level, board, message })),
  }
}

/** The text of `summary.json`. */
export function formatSummary(record: RunRecord): string {
  return `${JSON.stringify(toSummary(record), undefined, 2)}\n`
}

function toBoard(board: BoardRecord, boards: readonly string[]): SummaryBoard {
  return {
    name: board.name,
    architecture: board.facts?.architecture,
    compatible: board.facts?.compatible ?? [],
    versions: board.versions,
    power: board.power,
    state: board.state,
    releaseFailures: board.released?.failures ?? [],
    console: { ...consoleFileNames(board.name, boards), bytes: board.received },
    transitions: board.transitions.map(toTransition),
    boots: board.boots,
    findings: board.findings,
  }
}

function toTransition({ from, to, at, durationMs, by, error }: Transition): SummaryTransition {
  return { from, to, at, durationMs, by, error: toError(error) }
}

function toTest(test: TestRecord): SummaryTest {
  const last = finalAttempt(test)
  const verdict = last === undefined ? undefined : verdictOfAttempt(last.ended)
  const unended = test.attempts.length === 0 ? 'not run' : 'unfinished'
  return {
    ...test.identity,
    outcome: verdict === 'flaky' ? 'flaky' : (last?.ended.outcome ?? unended),
    verdict,
    durationMs: last?.ended.durationMs ?? 0,
    reason: last?.ended.outcome === 'skipped' ? skipReason(last.ended) : undefined,
    past: test.past,
    attempts: test.attempts.map(toAttempt),
  }
}

function toAttempt({ attempt, at, ended, parts }: AttemptRecord): SummaryAttempt {
  return {
    attempt,
    at,
    outcome: ended?.outcome ?? 'unfinished',
    durationMs: ended?.durationMs,
    error: toError(ended?.error),
    console: ended?.console ?? {},
    steps: parts.map(toStep),
  }
}

function toStep(part: Part): SummaryStep {
  const { kind, board, at, durationMs } = part
  const steps = part.kind === 'step' ? part.parts.map(toStep) : undefined
  return { kind, title: titleOfPart(part), board, at, durationMs, steps }
}

function titleOfPart(part: Part): string {
  if (part.kind === 'transition') return `${part.from} → ${part.to}`
  return part.kind === 'step' ? part.title : part.command
}

function toError(error: SerializedError | undefined): SummaryError | undefined {
  if (error === undefined) return undefined
  const chain = deadlineChain(error)
  return {
    type: error.code ?? error.name,
    blame: error.blame,
    message: sentenceOf(error),
    deadlines: chain.length === 0 ? undefined : chain,
  }
}
