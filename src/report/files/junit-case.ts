import type { SerializedError } from '../../core/errors.ts'
import { verdicts } from '../../core/verdicts.ts'
import { quoteConsoles, type ConsoleQuote } from '../console-quote.ts'
import {
  deadlineChain,
  formatDeadlineChain,
  sentenceOf,
  skipReason,
  typeOf,
  verdictOfAttempt,
} from '../failure.ts'
import { seconds } from '../format.ts'
import { plainText } from '../rendered-text.ts'
import { finalAttempt, type AttemptRecord, type RunRecord, type TestRecord } from '../run-record.ts'
import { consoleFileNames } from './console-files.ts'
import { noCounts, type Counted, type Counts } from './junit-counts.ts'
import { cdata, element } from './xml.ts'

/** A test with all its attempts. @param name unique among those of one class */
export function toCase(test: TestRecord, record: RunRecord, classname: string, name: string): Counted {
  const last = finalAttempt(test)
  const earlier = test.attempts.slice(0, -1)
  const { elements, flaky = [], counts } = last === undefined ? unended(test) : outcome(last, earlier, record)
  const time = seconds(last?.ended.durationMs ?? 0)
  const systemOut = element('system-out', {}, [cdata(outputOf(test, record))])
  return {
    xml: element('testcase', { classname, name, time }, [...elements, systemOut, ...flaky]),
    counts: { ...noCounts, tests: 1, ...counts },
  }
}

interface CaseBody {
  readonly elements: readonly string[]
  /** Surefire's schema wants these after `system-out`. */
  readonly flaky?: readonly string[]
  readonly counts: Partial<Counts>
}

function outcome(
  last: Required<Pick<AttemptRecord, 'ended'>> & AttemptRecord,
  earlier: readonly AttemptRecord[],
  record: RunRecord,
): CaseBody {
  const verdict = verdictOfAttempt(last.ended)
  if (verdict === undefined) {
    const message = skipReason(last.ended)
    return { elements: [element('skipped', { message })], counts: { skipped: 1 } }
  }
  const kind = verdicts[verdict].junit
  const failedBefore = earlier.filter(({ ended }) => ended?.outcome === 'failed')
  if (kind === 'none' || kind === 'flakyFailure') {
    return {
      elements: [],
      flaky: failedBefore.map((attempt) => rerun('flakyFailure', attempt, record)),
      counts: {},
    }
  }
  const error = last.ended.error ?? { name: verdict, message: verdicts[verdict].means }
  const body = cdata([describeError(error), ...consolesOf(last, record)].join('\n\n'))
  const attributes = { message: sentenceOf(error), type: error.code ?? verdict }
  const rerunName = kind === 'failure' ? 'rerunFailure' : 'rerunError'
  return {
    elements: [
      element(kind, attributes, [body]),
      ...failedBefore.map((attempt) => rerun(rerunName, attempt, record)),
    ],
    counts: kind === 'failure' ? { failures: 1 } : { errors: 1 },
  }
}

/** A test that was found and never ended: a stopped run, a board that was lost. */
function unended({ attempts }: TestRecord): CaseBody {
  if (attempts.length === 0)
    return { elements: [element('skipped', { message: 'not run' })], counts: { skipped: 1 } }
  const message = 'the run ended before this test did'
  return { elements: [element('error', { message, type: 'unfinished' })], counts: { errors: 1 } }
}

function rerun(name: string, attempt: AttemptRecord, record: RunRecord): string {
  const error = attempt.ended?.error ?? { name: 'Error', message: 'failed' }
  return element(name, { message: sentenceOf(error), type: typeOf(error) }, [
    element('stackTrace', {}, [cdata([describeError(error), ...consolesOf(attempt, record)].join('\n\n'))]),
  ])
}

export function describeError(error: SerializedError): string {
  const chain = deadlineChain(error)
  return [
    plainText(error.stack ?? `${error.name}: ${error.message}`),
    ...(chain.length === 0 ? [] : [`time: ${formatDeadlineChain(chain)}`]),
    ...(error.expected === undefined ? [] : [`expected: ${plainText(error.expected)}`]),
    ...(error.actual === undefined ? [] : [`actual: ${plainText(error.actual)}`]),
    ...(error.cause === undefined ? [] : [`caused by: ${describeError(error.cause)}`]),
  ].join('\n')
}

/** A report of the kernel may be long; `console.log` has all of it. */
const mostLines = 60

function consolesOf({ ended, at, lastLines }: AttemptRecord, record: RunRecord): readonly string[] {
  return shown(quoteConsoles(ended?.error, record, { lastLines, since: at, mostLines }))
}

/** Of a failure outside of any test. */
export function consolesAtEnd(error: SerializedError | undefined, record: RunRecord): readonly string[] {
  const lastLines = Object.fromEntries(record.boards.map((board) => [board.name, board.lastLines]))
  return shown(quoteConsoles(error, record, { lastLines, since: 0, mostLines }))
}

function shown(quotes: readonly ConsoleQuote[]): readonly string[] {
  return quotes
    .filter(({ lines }) => lines.length > 0)
    .map(({ title, lines }) => [`${title}:`, ...lines].join('\n'))
}

function outputOf(test: TestRecord, record: RunRecord): string {
  const printed = test.attempts.map(({ output }) => plainText(output)).join('')
  return `${printed}${printed === '' || printed.endsWith('\n') ? '' : '\n'}${links(test.identity.boards, record)}`
}

/** Links to the consoles, as Jenkins and GitLab read them. */
export function links(boards: readonly string[], record: RunRecord): string {
  const all = record.started?.boards ?? []
  return boards.map((board) => `[[ATTACHMENT|${consoleFileNames(board, all).log}]]\n`).join('')
}
