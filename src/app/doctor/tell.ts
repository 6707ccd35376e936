import { formatDuration } from '../../core/duration.ts'
import type { Examination, StepFinding, StepResult } from '../../core/examination.ts'
import { verdicts } from '../../core/verdicts.ts'
import { wrapWords } from '../../core/wrap-words.ts'
import type { Output } from '../../report/terminal/output.ts'
import { makePaint, type Paint } from '../../report/terminal/paint.ts'
import { formatTable } from '../history/text/table.ts'
import { interrupted } from './examine.ts'

type Outcome = StepResult['outcome']

const styles = { ok: 'green', warn: 'yellow', failed: 'red', skipped: 'dim' } as const
const outcomeWidth = 'skipped'.length
const titleWidth = 'what the bootloader can'.length

/** How lines are to look: broken between words where a terminal ends, in one piece for programs. */
export interface Style {
  readonly paint: Paint
  readonly width: number
}

export function styleOf({ isColoured, isTerminal, columns }: Output): Style {
  return { paint: makePaint(isColoured), width: isTerminal ? columns : Number.POSITIVE_INFINITY }
}

/** A line for each finding as it comes. @param board empty where there is only one */
export function resultLines(
  { outcome, title, findings, reason }: StepResult,
  board: string,
  { paint, width }: Style,
): string {
  const margin = board === '' ? '' : `${board}  `
  const line = (level: Outcome, name: string, words: string) => {
    const style = styles[level]
    const text = hanging(
      words.replaceAll(/\n\s+/g, '\n'),
      margin.length + outcomeWidth + titleWidth + 4,
      width,
    )
    const shown = level === 'skipped' ? paint('dim', text) : text
    return `${margin}${paint(style, level.padEnd(outcomeWidth))}  ${name.padEnd(titleWidth)}  ${shown}\n`
  }
  if (findings.length === 0) return line(outcome, title, reason ?? '')
  return findings.map(({ level, words }, index) => line(level, index === 0 ? title : '', words)).join('')
}

/** A finding about this machine. */
export function findingLine({ level, words }: StepFinding, { paint, width }: Style): string {
  return `${paint(styles[level], level.padEnd(outcomeWidth))}  ${hanging(words, outcomeWidth + 2, width)}\n`
}

/** Text whose first line has something in front of it, with the others below where it begins. */
function hanging(text: string, indent: number, width: number): string {
  const lines = text.split('\n').flatMap((line) => {
    const words = line.trimStart()
    const margin = ' '.repeat(indent + line.length - words.length)
    return wrapWords(words, { width, first: margin, rest: words.startsWith('- ') ? `${margin}  ` : margin })
  })
  return lines.join('\n').slice(indent)
}

/** What to do, for everything that failed and for warnings that have an advice; empty where nothing is to be done. */
export function adviceText(
  machine: readonly StepFinding[],
  examinations: readonly Examination[],
  { paint, width }: Style,
): string {
  const several = examinations.length > 1
  const named = examinations.flatMap(({ board, steps }) =>
    steps.flatMap(({ title, findings }) =>
      findings.map((finding) => ({ finding, where: several ? `${board}, ${title}` : title })),
    ),
  )
  const all = [...machine.map((finding) => ({ finding, where: 'this machine' })), ...named]
  const advised = all.filter(({ finding: { level, advice } }) => level !== 'ok' && advice !== undefined)
  if (advised.length === 0) return ''
  const items = advised.map(({ finding: { level, advice = '' }, where }, index) => {
    const number = `${index + 1}.`.padStart(4)
    const note = level === 'warn' ? ' (a warning)' : ''
    const text = hanging(`${where}${note}: ${advice}`, number.length + 1, width)
    return `${number} ${text.replace(where, paint('bold', where))}\n`
  })
  return `\nWhat to do:\n${items.join('')}`
}

/** How one board came out. */
export function closingLine({ board, steps, durationMs, verdict }: Examination, paint: Paint): string {
  const took = formatDuration(Math.round(durationMs / 100) * 100)
  const failures = steps.filter(({ outcome }) => outcome === 'failed')
  if (failures.length === 0) {
    const wasCut = steps.some(({ reason }) => reason === interrupted)
    return wasCut
      ? `\n${board} was not examined to the end.\n`
      : `\n${paint('green', `${board} is in order`)} (${took})\n`
  }
  const list = failures.map(({ title }) => title).join(', ')
  return `\n${paint('red', `${board} is not in order`)}: ${list} (${took}; exit code ${verdicts[verdict].exit})\n`
}

/** All boards of a lab, a row each. */
export function boardTable(examinations: readonly Examination[], width: number): string {
  const rows = examinations.map((examination) => {
    const { board, steps, durationMs } = examination
    const count = (outcome: Outcome) => steps.filter((step) => step.outcome === outcome).length
    const failure = steps.find(({ outcome }) => outcome === 'failed')
    const first = failure?.findings.find(({ level }) => level === 'failed')
    return [
      board,
      failure === undefined ? 'in order' : 'FAILED',
      String(count('ok')),
      String(count('warn') || ''),
      String(count('failed') || ''),
      String(count('skipped') || ''),
      formatDuration(Math.round(durationMs / 1000) * 1000),
      failure === undefined ? '' : `${failure.title}: ${first?.words.split('\n')[0] ?? ''}`,
    ]
  })
  const lines = formatTable(
    [
      { title: 'board' },
      { title: 'result' },
      { title: 'ok', align: 'right' },
      { title: 'warn', align: 'right' },
      { title: 'failed', align: 'right' },
      { title: 'skipped', align: 'right' },
      { title: 'took', align: 'right' },
      { title: 'first failure', isFlexible: true },
    ],
    rows,
    width,
  )
  return `\n${lines.join('\n')}\n`
}
