import { appendFileSync } from 'node:fs'
import { locationOf, sentenceOf, verdictOfAttempt } from '../failure.ts'
import type { Reporter } from '../reporter.ts'
import { runFailure } from '../run-failure.ts'
import { finalAttempt, titleOf, type RunRecord, type TestRecord } from '../run-record.ts'
import { toMarkdown } from './markdown-summary.ts'

export interface GithubReporterOptions {
  readonly write: (text: string) => void
  /** `$GITHUB_STEP_SUMMARY`; no summary is written without it. */
  readonly summaryFile: string | undefined
}

/** GitHub takes at most 1 MiB of summary from a step, and then none of it. */
const maximumSummary = 1024 * 1024

/** Workflow commands that GitHub shows beside the lines of the spec, and a summary of the step. */
export function githubReporter({ write, summaryFile }: GithubReporterOptions): Reporter {
  return {
    name: 'github',
    end(record) {
      for (const line of annotations(record)) write(`${line}\n`)
      if (summaryFile === undefined) return
      const summary = toMarkdown(record)
      const cut = Buffer.from(summary)
        .subarray(0, maximumSummary - 1024)
        .toString()
      appendFileSync(summaryFile, cut === summary ? summary : `${cut}\n\n(cut: the summary was too long)\n`)
    },
  }
}

function annotations(record: RunRecord): readonly string[] {
  const ofTests = record.specs.flatMap(({ tests }) => tests.flatMap(annotateTest))
  const failure = runFailure(record)
  const ofRun =
    failure === undefined ? [] : [command('error', { title: `hil: ${failure.type}` }, failure.message)]
  return [...ofTests, ...ofRun]
}

function annotateTest(test: TestRecord): readonly string[] {
  const last = finalAttempt(test)
  const verdict = last === undefined ? undefined : verdictOfAttempt(last.ended)
  if (verdict === undefined || verdict === 'passed') return []
  const error = test.attempts.findLast(({ ended }) => ended?.error !== undefined)?.ended?.error
  const { file, boards } = test.identity
  const location = error === undefined ? undefined : locationOf(error, file)
  const title = `${boards.join(' + ')}: ${titleOf(test.identity)}`
  const message = error === undefined ? 'failed' : sentenceOf(error)
  const place = { file, line: location?.line, col: location?.column, title }
  if (verdict === 'flaky') return [command('warning', place, `flaky: failed, then passed: ${message}`)]
  return [command('error', place, message)]
}

/** `::error file=a.ts,line=3::text`, escaped as the runner's own toolkit does it. */
function command(
  name: string,
  properties: Readonly<Record<string, string | number | undefined>>,
  text: string,
): string {
  const list = Object.entries(properties)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${escapeProperty(String(value))}`)
    .join(',')
  return `::${name} ${list}::${escapeData(text)}`
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
