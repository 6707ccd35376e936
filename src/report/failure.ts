import type { DeadlineLink } from '../core/deadline.ts'
import { formatDuration } from '../core/duration.ts'
import type { SerializedError } from '../core/errors.ts'
import type { TestEnded } from '../core/events.ts'
import { verdictOf, type Verdict } from '../core/verdicts.ts'
import { formatElapsed } from './format.ts'
import { plainText } from './rendered-text.ts'

/** What an attempt means; `undefined` for a skipped one. */
export function verdictOfAttempt({ verdict, outcome, error }: TestEnded): Verdict | undefined {
  if (outcome === 'skipped') return undefined
  if (outcome === 'passed') return verdict ?? 'passed'
  return verdict ?? verdictOf(error?.blame ?? 'test')
}

/** Why a test was skipped, where it is known. */
export function skipReason({ reason, error }: TestEnded): string | undefined {
  if (reason !== undefined) return plainText(reason)
  return error === undefined ? undefined : sentenceOf(error)
}

/** The sentence of an error, fit for a terminal. */
export function sentenceOf(error: SerializedError): string {
  return plainText(error.message)
}

/** What the error stands for in a report: its code, or the name of its class. */
export function typeOf(error: SerializedError): string {
  return error.code ?? error.name
}

/** The budgets in which an error ran out of time, outermost first; empty when it did not. */
export function deadlineChain(error: SerializedError): readonly DeadlineLink[] {
  const chain = error.details?.['chain']
  if (Array.isArray(chain) && chain.every(isLink)) return chain
  return error.cause === undefined ? [] : deadlineChain(error.cause)
}

/** `run 12.0 s of 5 min > enter shell 10.0 s of 10 s` */
export function formatDeadlineChain(chain: readonly DeadlineLink[]): string {
  return chain
    .map(({ label, budgetMs, elapsedMs }) => {
      const budget = Number.isFinite(budgetMs) ? ` of ${formatDuration(budgetMs)}` : ''
      return `${plainText(label)} ${formatElapsed(elapsedMs)}${budget}`
    })
    .join(' > ')
}

/** A line of somebody's code. */
export interface SourceLocation {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** Where in the spec an error was thrown: the first stack frame in that file. @param file the spec, as the events name it */
export function locationOf(error: SerializedError, file: string): SourceLocation | undefined {
  const tail = file.replace(/^(?:\.{1,2}\/)+/, '')
  for (const frame of framesOf(error)) {
    const path = decodeURI(frame.file.replace(/^file:\/\//, '')).replace(/\?.*$/, '')
    if (path === tail || path.endsWith(`/${tail}`)) return { ...frame, file }
  }
  return error.cause === undefined ? undefined : locationOf(error.cause, file)
}

function framesOf({ stack = '' }: SerializedError): readonly SourceLocation[] {
  return stack.split('\n').flatMap((line) => {
    const [, file, row, column] =
      /^\s+at .{0,1000}?((?:file:\/\/)?\/[^():]{1,1000}):(\d+):(\d+)\)?$/.exec(line) ?? []
    return file === undefined ? [] : [{ file, line: Number(row), column: Number(column) }]
  })
}

function isLink(value: unknown): value is DeadlineLink {
  return (
    typeof value === 'object' &&
    value !== null &&
    'label' in value &&
    'budgetMs' in value &&
    'elapsedMs' in value
  )
}
