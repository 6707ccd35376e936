import { formatSecond } from '../../core/moment.ts'
import type { RecordedBoot, RecordedRun } from '../boots/recorded-boot.ts'

/** What is known of a boot as a whole. */
export interface BootFacts {
  readonly source: string
  readonly board: string
  /** `passed`, or `undefined` where nobody judged it. */
  readonly verdict: string | undefined
  readonly startedAt: string | undefined
  /** `boot 2 of 3`, where there are several. */
  readonly which: string | undefined
  readonly kernel: string | undefined
  readonly commandLine: string | undefined
}

export function factsOf({ source, record, boots }: RecordedRun, boot: RecordedBoot): BootFacts {
  const count = boots.get(boot.board)?.length ?? 1
  const { started, finished } = record ?? {}
  const interrupted = finished?.interruptedBy === undefined ? undefined : 'interrupted'
  return {
    source,
    board: boot.board,
    verdict: record && (interrupted ?? finished?.verdict.replaceAll('-', ' ') ?? 'cut off'),
    startedAt: started && formatSecond(started.startedAt),
    which: count === 1 ? undefined : `boot ${boot.number} of ${count}`,
    kernel: firstAfter(boot, /^(?=Linux version )/),
    commandLine: firstAfter(boot, /^(?:Kernel )?[Cc]ommand line: /),
  }
}

function firstAfter({ lines }: RecordedBoot, start: RegExp): string | undefined {
  const text = lines.find((line) => start.test(line.text))?.text
  return text?.replace(start, '').trim()
}

/** A boot in some lines, for a terminal. */
export function describeBoot(name: string, run: RecordedRun, boot: RecordedBoot): readonly string[] {
  const { source, board, verdict, startedAt, which, kernel, commandLine } = factsOf(run, boot)
  const head = [verdict, board, which, startedAt].filter((text) => text !== undefined && text !== '')
  return [
    `${name}  ${source}${head.length === 0 ? '' : ` (${head.join(', ')})`}`,
    ...[kernel, commandLine].filter((text) => text !== undefined).map((text) => `     ${text}`),
  ]
}
