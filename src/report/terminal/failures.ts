import type { SerializedError } from '../../core/errors.ts'
import type { Verdict } from '../../core/verdicts.ts'
import { wrapWords } from '../../core/wrap-words.ts'
import type { ConsoleQuote } from '../console-quote.ts'
import { deadlineChain, formatDeadlineChain, locationOf, typeOf } from '../failure.ts'
import type { Output } from './output.ts'
import type { Paint } from './paint.ts'
import { shownLine, shownText } from './shown-text.ts'
import { fitText } from './text-width.ts'
import { verdictName } from './tree.ts'

/** A failure as it is told at the end of a run. */
export interface Failure {
  /** Empty for the only failure of a run in which no test failed. */
  readonly title: readonly string[]
  readonly verdict: Verdict
  readonly error: SerializedError
  /** The spec in whose code to look for the place. */
  readonly file?: string
  /** Since when it fails. */
  readonly past?: string | undefined
  readonly consoles: readonly ConsoleQuote[]
  /** How many times it was tried. */
  readonly attempts: number
}

export interface FailureStyle {
  readonly paint: Paint
  /** Console lines are cut to its width; `console.log` has them in full. Sentences are broken where it is a terminal. */
  readonly output: Pick<Output, 'columns' | 'isTerminal'>
}

/**
 * All failures of a run, numbered: the sentence, who has to act, where the time went, the place in
 * the spec, what the consoles said. What failed in just the same way before refers to the first.
 */
export function formatFailures(failures: readonly Failure[], style: FailureStyle): readonly string[] {
  const firsts = new Map<string, number>()
  return failures.flatMap((failure, index) => {
    const { error } = failure
    const kind = `${typeOf(error)}\0${error.message}`
    const first = firsts.get(kind)
    firsts.set(kind, first ?? index + 1)
    return formatFailure(failure, index + 1, first, style)
  })
}

function formatFailure(
  failure: Failure,
  number: number,
  sameAs: number | undefined,
  style: FailureStyle,
): readonly string[] {
  const { paint } = style
  const told = (text: string, colour?: 'red' | 'dim') => {
    const whole = broken(text, style)
    return indented(colour === undefined ? whole : paint(colour, whole))
  }
  const { title, error, verdict, attempts } = failure
  const tried = attempts > 1 ? `, ${attempts} attempts` : ''
  const sentence = shownText(error.message).trimEnd()
  const start = heading(title, number, style)
  if (sameAs !== undefined) return [...start, ...told(`${firstLine(sentence)} (as in ${sameAs})`, 'red')]
  return [
    ...start,
    ...told(sentence, 'red'),
    ...(sentence.includes('\n') ? [''] : []),
    ...told(`${verdictName(verdict)} (${typeOf(error)})${tried}`, 'dim'),
    ...(failure.past === undefined ? [] : told(failure.past, 'dim')),
    ...causes(error).flatMap((cause) => told(`because ${cause}`)),
    ...comparison(error),
    ...place(error, failure.file),
    ...time(error),
    ...failure.consoles.flatMap((quote) => consoleLines(quote, style)),
  ]
}

function heading(title: readonly string[], number: number, { output }: FailureStyle): readonly string[] {
  const [first, ...others] = title
  if (first === undefined) return ['']
  const head = `${number}) `
  const rest = ' '.repeat(head.length)
  const width = textWidth(output)
  return [
    '',
    ...wrapWords(first, { width, first: head, rest }),
    ...others.flatMap((line) => wrapWords(line, { width, first: rest })),
    '',
  ]
}

/** Between words, or the terminal does it within them. What goes to a file stays whole, to be searched. */
function broken(text: string, { output }: FailureStyle): string {
  const width = textWidth(output) - margin.length
  return text
    .split('\n')
    .flatMap((line) => wrapWords(line, { width }))
    .join('\n')
}

function textWidth({ columns, isTerminal }: FailureStyle['output']): number {
  return isTerminal ? columns : Infinity
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}

/**
 * What the sentence does not say already. Of a missed deadline the chain of budgets tells it all, and
 * what is wrong with the input stands in the sentence.
 */
function causes(error: SerializedError): readonly string[] {
  const { blame, cause, message } = error
  if (cause === undefined || blame === 'environment' || deadlineChain(error).length > 0) return []
  const own = message.includes(cause.message) ? [] : [shownText(cause.message)]
  return [...own, ...causes(cause)]
}

/** What an assertion compared, where its message does not say it. */
function comparison({ message, expected, actual }: SerializedError): readonly string[] {
  if (expected === undefined || actual === undefined) return []
  if (message.includes(expected) && message.includes(actual)) return []
  if (message.includes('\n')) return []
  return [...indented(`expected ${shownText(expected)}`), ...indented(`actual   ${shownText(actual)}`)]
}

function place(error: SerializedError, file: string | undefined): readonly string[] {
  const location = file === undefined ? undefined : locationOf(error, file)
  return location === undefined ? [] : indented(`at ${location.file}:${location.line}:${location.column}`)
}

function time(error: SerializedError): readonly string[] {
  const chain = deadlineChain(error)
  return chain.length === 0 ? [] : indented(`time: ${formatDeadlineChain(chain)}`)
}

function consoleLines(
  { title, lines, leftOut }: ConsoleQuote,
  { paint, output: { columns } }: FailureStyle,
): readonly string[] {
  if (lines.length === 0) return ['', ...indented(`${shownLine(title)}: none`)]
  const rest = leftOut === 0 ? [] : [`... ${leftOut} more lines in the report`]
  return [
    '',
    ...indented(`${shownLine(title)}:`),
    ...[...lines, ...rest].map((line) => `   ${paint('dim', fitText(shownText(line), columns - 4))}`),
  ]
}

const margin = '   '

function indented(text: string): readonly string[] {
  return text.split('\n').map((line) => (line === '' ? '' : `${margin}${line}`))
}
