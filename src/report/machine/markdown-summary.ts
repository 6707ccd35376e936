import { quoteConsoles } from '../console-quote.ts'
import { deadlineChain, formatDeadlineChain, sentenceOf, verdictOfAttempt } from '../failure.ts'
import { formatElapsed } from '../format.ts'
import { runFailure } from '../run-failure.ts'
import { finalAttempt, titleOf, type RunRecord, type TestRecord } from '../run-record.ts'
import { code, fenced, inline } from './markdown-text.ts'

/** A run as GitHub's Markdown: result, a table of tests, the failures with their console. */
export function toMarkdown(record: RunRecord): string {
  const tests = record.specs.flatMap((spec) => spec.tests)
  const failure = runFailure(record)
  return [
    `### hil: ${headline(record)}`,
    ...(failure === undefined ? [] : [`**${code(failure.type)}** ${inline(failure.message)}`]),
    ...(tests.length === 0 ? [] : [table(tests)]),
    ...tests.flatMap((test) => failureSection(test, record)),
  ]
    .join('\n\n')
    .concat('\n')
}

function headline({ finished, started }: RunRecord): string {
  const boards = started?.boards.map(inline).join(', ') ?? ''
  if (finished === undefined) return `${boards} was cut off`
  const { verdict, counts, durationMs } = finished
  const numbers = `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped, ${counts.flaky} flaky`
  return `${boards}: ${verdict.replaceAll('-', ' ')} (${numbers}, ${formatElapsed(durationMs)})`
}

function table(tests: readonly TestRecord[]): string {
  const rows = tests.map((test) => {
    const { boards, file } = test.identity
    const last = finalAttempt(test)
    const duration = last === undefined ? '' : formatElapsed(last.ended.durationMs)
    const cells = [
      outcome(test),
      inline(boards.join(' + ')),
      inline(file),
      inline(titleOf(test.identity)),
      duration,
    ]
    return `| ${cells.join(' | ')} |`
  })
  return ['| result | board | spec | test | time |', '| --- | --- | --- | --- | ---: |', ...rows].join('\n')
}

function outcome(test: TestRecord): string {
  const last = finalAttempt(test)
  if (last === undefined) return test.attempts.length === 0 ? 'not run' : 'unfinished'
  const verdict = verdictOfAttempt(last.ended)
  return verdict === undefined ? 'skipped' : verdict.replaceAll('-', ' ')
}

/** The summary of a job has a size, and there may be many failures. */
const mostLines = 24

function failureSection(test: TestRecord, record: RunRecord): readonly string[] {
  const last = finalAttempt(test)
  if (last?.ended.outcome !== 'failed') return []
  const { error } = last.ended
  const chain = error === undefined ? [] : deadlineChain(error)
  return [
    `<details><summary>${inline(titleOf(test.identity))}</summary>`,
    fenced([
      error === undefined ? 'failed' : sentenceOf(error),
      ...(chain.length === 0 ? [] : [`time: ${formatDeadlineChain(chain)}`]),
    ]),
    ...quoteConsoles(error, record, { lastLines: last.lastLines, since: last.at, mostLines }).map(
      ({ title, lines }) => [`${inline(capital(title))}:`, fenced(lines)].join('\n\n'),
    ),
    '</details>',
  ]
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
