import type { Options } from 'yargs'
import { parseDuration } from '../../core/duration.ts'
import { once, reportDirectoryOption } from '../shared-options.ts'
import { usageError } from '../usage-error.ts'

/** What every question to history takes. @param ago how far back it looks by default */
export function questionOptions(ago = '90d') {
  return {
    board: {
      type: 'string',
      requiresArg: true,
      description: 'Only this board',
      coerce: optional('--board'),
    },
    since: {
      type: 'string',
      default: ago,
      defaultDescription: ago,
      requiresArg: true,
      description: 'Only runs since then: a date (2026-11-22), or how long ago (7d)',
      coerce: moment('--since'),
    },
    json: { type: 'boolean', description: 'Print the answer as JSON' },
    'report-dir': reportDirectoryOption,
  } as const satisfies Record<string, Options>
}

/** The parsed options, as the app takes them. */
export function toQuestion(args: {
  readonly board: string | undefined
  readonly since: number
  readonly json: boolean | undefined
  readonly reportDir: string
}) {
  const { board, since, json, reportDir } = args
  return { board, since, json: json ?? false, reportRoot: reportDir }
}

function optional(option: string): (value: unknown) => string | undefined {
  return (value) => (value === undefined ? undefined : once(option)(value))
}

/** A date, or a duration before now, in milliseconds since 1970. */
function moment(option: string): (value: unknown) => number {
  return (value) => {
    const text = once(option)(value)
    const ago = parseDuration(text)
    const date = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN
    const ms = ago === undefined || !Number.isNaN(date) ? date : Date.now() - ago
    if (!Number.isNaN(ms)) return ms
    throw usageError(`${option} takes a date such as 2026-11-22 or a duration such as 7d, not "${text}"`)
  }
}
