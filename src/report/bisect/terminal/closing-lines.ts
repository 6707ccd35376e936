import type { BisectionCheck, BisectionRecord } from '../../../core/bisection-record.ts'
import type { Paint } from '../../terminal/paint.ts'
import { shownLine } from '../../terminal/shown-text.ts'
import { checksOf } from '../checks.ts'
import { citation } from '../names.ts'
import { spentOn } from '../spent.ts'
import { verdictOf, type BisectionVerdict } from '../verdict.ts'

const toneStyles = {
  good: 'green',
  bad: 'red',
  amiss: 'yellow',
  doubtful: 'yellow',
  neutral: 'cyan',
} as const satisfies Record<BisectionVerdict['tone'], string>

const signs = { passed: '✓', failed: '✗', 'not done': '-' } as const
const signStyles = { passed: 'green', failed: 'red', 'not done': 'dim' } as const

/** So many candidates are named. */
const mostNamed = 10

/** The end of a bisection for people: what it came to, what was checked, what it took, where the report is. */
export function closingLines(record: BisectionRecord, reports: string, paint: Paint): readonly string[] {
  const { tone, title, sentence, remark } = verdictOf(record)
  return [
    '',
    paint(['bold', toneStyles[tone]], shownLine(title)),
    `${shownLine(sentence)}.`,
    ...candidateLines(record),
    ...(remark === undefined ? [] : [`${shownLine(remark)}.`]),
    ...checkLines(checksOf(record), paint),
    '',
    paint('dim', shownLine(spentOn(record))),
    `Report: ${reports}`,
  ]
}

function candidateLines(record: BisectionRecord): readonly string[] {
  const { kind, commits = [] } = record.conclusion ?? {}
  if (kind !== 'narrowed') return []
  const left = commits.length - mostNamed
  return [
    ...commits.slice(0, mostNamed).map((commit) => `  ${shownLine(citation(record, commit))}`),
    ...(left > 0 ? [`  and ${left} more`] : []),
  ]
}

function checkLines(checks: readonly BisectionCheck[], paint: Paint): readonly string[] {
  if (checks.length === 0) return []
  return [
    '',
    ...checks.map(({ name, result, detail }) => {
      const sign = paint(signStyles[result], signs[result])
      return `  ${sign} ${shownLine(name)}${paint('dim', `: ${shownLine(detail)}`)}`
    }),
  ]
}
