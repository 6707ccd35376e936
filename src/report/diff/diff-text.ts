import type { BootFinding, BootLine, BootStage, RecordedRun } from '../boots/recorded-boot.ts'
import { formatElapsed } from '../format.ts'
import type { BootDiff, FindingPair } from './compare-boots.ts'
import type { DiffRow } from './compare-lines.ts'
import { describeBoot } from './describe-boot.ts'

/** So many lines of each list, where not all were asked for. */
const shownLines = 20

/** Lines shown before the first difference, and after it. */
const context = 3

export interface DiffTextOptions {
  /** Both consoles from the first line to the last, and no list cut short. */
  readonly full: boolean
}

/** Two boots side by side, for a terminal. */
export function diffText(
  diff: BootDiff,
  runs: readonly [RecordedRun, RecordedRun],
  { full }: DiffTextOptions,
): string {
  const most = full ? Infinity : shownLines
  const { a, b, kernelLines, rows } = diff
  const sections = [
    [...describeBoot('A', runs[0], a), ...describeBoot('B', runs[1], b)],
    section('stages', stageLines(diff)),
    section('what the kernel complained about', diff.findings.map(findingLine)),
    section('first difference', difference(diff, diff.first)),
    ...(diff.firstOfKernel === undefined
      ? []
      : [section('first difference of the kernel', difference(diff, diff.firstOfKernel))]),
    section(`kernel lines only in B: ${kernelLines.new.length}`, listed(kernelLines.new, '+', most)),
    section(`kernel lines only in A: ${kernelLines.gone.length}`, listed(kernelLines.gone, '-', most)),
    ...(full
      ? [
          section(
            'all',
            rows.flatMap((row) => rowLines(diff, row)),
          ),
        ]
      : []),
    [countLine(rows)],
  ]
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n')
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`.trimEnd())]
}

function stageLines({ stages }: BootDiff): readonly string[] {
  if (stages.length === 0) return []
  const rows = stages.map(({ name, a, b }) => [name, stageTime(a), stageTime(b), stageDifference(a, b)])
  return [['', 'A', 'B', ''], ...rows].map(([name = '', a = '', b = '', difference = '']) =>
    `${name.padEnd(10)}  ${a.padStart(10)}  ${b.padStart(10)}  ${difference.padStart(10)}`.trimEnd(),
  )
}

/** When a stage was reached since the boot began; by the kernel's clock where nobody else kept the time. */
export function stageTime(stage: BootStage | undefined): string {
  if (stage === undefined) return 'never'
  const ms = timeOf(stage)
  return ms === undefined ? 'reached' : formatElapsed(ms)
}

/** `+120 ms`: how much later the second one was. */
export function stageDifference(a: BootStage | undefined, b: BootStage | undefined): string {
  const isComparable = (a?.at === undefined) === (b?.at === undefined)
  const [msA, msB] = [timeOf(a), timeOf(b)]
  if (msA === undefined || msB === undefined || !isComparable) return ''
  const difference = msB - msA
  return `${difference < 0 ? '-' : '+'}${formatElapsed(Math.abs(difference))}`
}

function timeOf(stage: BootStage | undefined): number | undefined {
  return stage?.at ?? (stage?.kernelTime === undefined ? undefined : stage.kernelTime * 1000)
}

function findingLine({ a, b }: FindingPair): string {
  const where = a === undefined ? 'only in B' : b === undefined ? 'only in A' : 'in both'
  const finding = b ?? a
  return finding === undefined ? '' : `${where.padEnd(9)}  ${finding.level.padEnd(7)}  ${titleOf(finding)}`
}

function titleOf({ title, excuse }: BootFinding): string {
  return excuse === undefined ? title : `${title} (${excuse})`
}

/** A row with those around it. */
function difference(diff: BootDiff, first: number | undefined): readonly string[] {
  const { rows, ending } = diff
  if (first === undefined) return ['there is none: both say the same']
  const end = Math.min(rows.length, first + context + 1)
  const isCutOff = ending !== undefined && ending.row <= first
  return [
    ...rows.slice(Math.max(0, first - context), end).flatMap((row) => rowLines(diff, row)),
    ...(isCutOff
      ? [`(${ending.ends.toUpperCase()} says nothing more; ${ending.missing} lines follow in the other)`]
      : []),
  ]
}

function rowLines({ a, b }: BootDiff, row: DiffRow): readonly string[] {
  const lineA = row.a === undefined ? undefined : a.lines[row.a]
  const lineB = row.b === undefined ? undefined : b.lines[row.b]
  if (row.kind === 'same') return lines(' ', lineB ?? lineA)
  const signs = row.kind === 'moved' ? (['<', '>'] as const) : (['-', '+'] as const)
  return [...lines(signs[0], lineA), ...lines(signs[1], lineB)]
}

function lines(sign: string, line: BootLine | undefined): readonly string[] {
  return line === undefined ? [] : [`${sign} ${moment(line).padStart(11)}  ${line.text}`]
}

/** When a line came: by the kernel's clock, or by the host's since the boot began. */
export function moment({ kernelTime, at }: BootLine): string {
  if (kernelTime !== undefined) return kernelTime.toFixed(6)
  return at === undefined ? '' : (at / 1000).toFixed(3)
}

function listed(all: readonly BootLine[], sign: string, most: number): readonly string[] {
  const rest = all.length - most
  return [
    ...all.slice(0, most).flatMap((line) => lines(sign, line)),
    ...(rest > 0 ? [`and ${rest} more (--full shows them)`] : []),
  ]
}

/** `348 lines the same, 2 with other numbers, 3 only in A, 1 only in B, 4 at another place` */
export function countLine(rows: readonly DiffRow[]): string {
  const number = (wanted: DiffRow['kind']) => rows.filter(({ kind }) => kind === wanted).length
  return [
    `${number('same')} lines the same`,
    `${number('varied')} with other numbers`,
    `${number('gone')} only in A`,
    `${number('new')} only in B`,
    `${number('moved')} at another place`,
  ]
    .filter((text, index) => index === 0 || !text.startsWith('0 '))
    .join(', ')
}
