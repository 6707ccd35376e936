/** How a test ended. `error` is a test of which no result came. */
export type KtapStatus = 'passed' | 'failed' | 'skipped' | 'expected-failure' | 'timeout' | 'error'

/** What one line says, in the words of KTAP version 1 (Documentation/dev-tools/ktap.rst). */
export type KtapLine =
  | { readonly type: 'version' }
  | { readonly type: 'plan'; readonly count: number }
  | { readonly type: 'subtest'; readonly name: string }
  | { readonly type: 'diagnostic'; readonly text: string }
  | { readonly type: 'bail-out'; readonly text: string }
  | {
      readonly type: 'result'
      readonly status: KtapStatus
      readonly number: number | undefined
      readonly name: string
      readonly note: string
    }

export interface IndentedKtapLine {
  /** In spaces; each level of nesting has two more (kselftest) or four (old KUnit). */
  readonly indent: number
  readonly line: KtapLine
}

/** The words one of which every line has. */
export const ktapWords = ['TAP version ', 'ok ', '1..', '# ', 'Bail out!'] as const
/** The word of a line that begins a document. */
export const versionWord = 'TAP version '

/** Reads the message of a line; `undefined` where it is no KTAP. */
export function readKtapLine(message: string): IndentedKtapLine | undefined {
  const indent = message.search(/\S/)
  if (indent === -1 || indent > 40) return undefined
  const line = readText(message.slice(indent, indent + 1024))
  return line === undefined ? undefined : { indent, line }
}

function readText(text: string): KtapLine | undefined {
  if (/^K?TAP version \d{1,3}\s{0,8}$/.test(text)) return { type: 'version' }
  const plan = /^1\.\.(\d{1,9})(?:\s{1,8}#.{0,200})?\s{0,8}$/.exec(text)
  if (plan !== null) return { type: 'plan', count: Number(plan[1]) }
  if (text.startsWith('Bail out!')) return { type: 'bail-out', text: text.slice(9).trim() }
  if (text.startsWith('#')) return readDiagnostic(text.slice(1).trim())
  return readResult(text)
}

function readDiagnostic(text: string): KtapLine {
  return text.startsWith('Subtest: ')
    ? { type: 'subtest', name: text.slice(9).trim() }
    : { type: 'diagnostic', text }
}

function readResult(text: string): KtapLine | undefined {
  const match = /^(not )?ok(?: (\d{1,9}))?(?: |$)(?:- ?)?([^#]{0,400})(?:# ?(.{0,400}))?/.exec(text)
  if (match === null) return undefined
  const [, not, number, name = '', note = ''] = match as unknown as (string | undefined)[]
  // "ok" alone may be any program's.
  if (number === undefined && name.trim() === '') return undefined
  return {
    type: 'result',
    status: statusOf(not === undefined, note),
    number: number === undefined ? undefined : Number(number),
    name: name.trim(),
    note: note.trim(),
  }
}

/** A directive that is not known changes nothing. */
function statusOf(isOk: boolean, note: string): KtapStatus {
  const [directive = ''] = note.split(/[ :]/, 1)
  switch (directive.toUpperCase()) {
    case 'SKIP':
      return 'skipped'
    case 'XFAIL':
    case 'TODO':
      return 'expected-failure'
    case 'TIMEOUT':
      return isOk ? 'passed' : 'timeout'
    case 'ERROR':
      return isOk ? 'passed' : 'error'
    default:
      return isOk ? 'passed' : 'failed'
  }
}
