import { join, resolve } from 'node:path'

/** Where history is kept. */
export type HistoryLocation =
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'postgres'; readonly url: string }
  | { readonly kind: 'off' }

/** The directory below `reports/` with all that history keeps on this machine. */
export const historyDirectory = '.history'

/**
 * Reads `HIL_HISTORY`: the address of a PostgreSQL, the path of a SQLite file, or `off`.
 * @param variable `undefined` or empty for a SQLite file among the reports
 * @param reportRoot absolute
 */
export function historyLocation(
  variable: string | undefined,
  reportRoot: string,
  cwd: string,
): HistoryLocation {
  if (variable === undefined || variable === '') {
    return { kind: 'sqlite', file: join(reportRoot, historyDirectory, 'history.sqlite') }
  }
  if (variable === 'off') return { kind: 'off' }
  if (/^postgres(?:ql)?:\/\//.test(variable)) return { kind: 'postgres', url: variable }
  return { kind: 'sqlite', file: resolve(cwd, variable) }
}

/** For messages: an address without its password. */
export function describeLocation(location: HistoryLocation): string {
  if (location.kind === 'off') return 'nowhere'
  if (location.kind === 'sqlite') return location.file
  return location.url
    .replace(/^(\w+:\/\/[^/@:]*):[^@/]*@/, '$1:•••@')
    .replace(/([?&]password=)[^&]*/g, '$1•••')
}
