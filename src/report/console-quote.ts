import type { SerializedError } from '../core/errors.ts'
import { formatConsoleLines } from './console-lines.ts'
import type { ConsoleLine } from './console-text.ts'
import type { FindingRecord, RunRecord } from './run-record.ts'

/** What a failure shows of a console. */
export interface ConsoleQuote {
  /** What it is, with the name of the board. */
  readonly title: string
  readonly lines: readonly string[]
  /** How many lines the report has beyond these. */
  readonly leftOut: number
}

export interface QuoteOptions {
  /** The last lines of each console, where nothing explains the failure better. */
  readonly lastLines: Readonly<Record<string, readonly ConsoleLine[]>>
  /** When what failed began, in milliseconds since the run did. */
  readonly since: number
  readonly mostLines: number
  /** Of a report, whose first lines are the ones that print it. @default `mostLines` */
  readonly mostReportLines?: number
}

/**
 * The console of each board at a failure: what the kernel said of it from its first line on, where it was
 * the kernel's doing, for the end of a long trace says nothing; else the last lines, none for a silent board.
 */
export function quoteConsoles(
  error: SerializedError | undefined,
  { boards, otherConsoles }: RunRecord,
  { lastLines, since, mostLines, mostReportLines = mostLines }: QuoteOptions,
): readonly ConsoleQuote[] {
  const about = error && findingOf(error)
  const names = new Set([...Object.keys(lastLines), ...(about === undefined ? [] : [about.board])])
  return [...names].map((board) => {
    const found = [...boards, ...otherConsoles].find(({ name }) => name === board)?.findings ?? []
    const report = about?.board === board ? reportOf(found, about.titles, since) : undefined
    return report === undefined
      ? {
          title: `console of ${board}, last lines`,
          lines: formatConsoleLines((lastLines[board] ?? []).slice(-mostLines)),
          leftOut: 0,
        }
      : {
          title: `what the kernel of ${board} reported`,
          lines: report.lines
            .slice(0, mostReportLines)
            .map((line, index) => withSources(line, index, report)),
          leftOut: Math.max(0, report.lines.length - mostReportLines),
        }
  })
}

/** A line of a report, with its places in the sources where they are known: `foo+0x4/0x8  (drivers/foo.c:12)`. */
function withSources(line: string, index: number, { sources = [] }: FindingRecord): string {
  const places = sources
    .filter((source) => source.line === index)
    .flatMap(({ calls }) => calls.map((call) => `${call.file}:${call.line}`))
  return places.length === 0 ? line : `${line}  (${places.join(', in ')})`
}

/** What the kernel complained about, by an error that says so: the cause of a panic before the panic. */
function findingOf({
  details,
  cause,
}: SerializedError): { board: string; titles: readonly string[] } | undefined {
  const { board, title, cause: reason } = details ?? {}
  if (typeof board === 'string' && typeof title === 'string') {
    return { board, titles: typeof reason === 'string' ? [reason, title] : [title] }
  }
  return cause && findingOf(cause)
}

/** One line is what the sentence of the error says already; what came around it says more. */
function reportOf(
  findings: readonly FindingRecord[],
  titles: readonly string[],
  since: number,
): FindingRecord | undefined {
  for (const title of titles) {
    const same = findings.filter((finding) => finding.title === title && finding.lines.length > 1)
    const report = same.find(({ at }) => at >= since) ?? same.at(-1)
    if (report !== undefined) return report
  }
  return undefined
}
