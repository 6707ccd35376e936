import { formatElapsed } from '../format.ts'
import { plainText } from '../rendered-text.ts'
import { describeCounts, describeOverview } from './describe-overview.ts'
import { worst, type Overview, type TestResult } from './merge-runs.ts'

/** Tests by boards, for a terminal. */
export function mergeText(overview: Overview): string {
  const { boards, tests, runs } = overview
  const files = [...new Set(tests.map(({ file }) => file))]
  const widths = boards.map((board) =>
    Math.max(board.length, ...tests.map(({ results }) => cell(results.get(board)).length)),
  )
  const titleWidth = Math.max(0, ...tests.map(({ title }) => plainText(title).length))
  const row = (title: string, cells: readonly string[]) =>
    [title.padEnd(titleWidth), ...cells.map((text, index) => text.padEnd(widths[index] ?? 0))]
      .join('  ')
      .trimEnd()
  const matrix = files.flatMap((file) => [
    file,
    ...tests
      .filter((test) => test.file === file)
      .map(
        ({ title, results }) =>
          `  ${row(
            plainText(title),
            boards.map((board) => cell(results.get(board))),
          )}`,
      ),
  ])
  return [
    [describeOverview(overview), describeCounts(overview)],
    tests.length === 0 ? [] : [`  ${row('', boards)}`, ...matrix],
    failures(overview),
    [
      'runs',
      ...runs.map(({ source, verdict, trouble, record }) => {
        const took = formatElapsed(record.finished?.durationMs ?? record.t)
        return `  ${source}: ${verdict.replaceAll('-', ' ')}, ${took}${trouble === undefined ? '' : `: ${trouble}`}`
      }),
    ],
  ]
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n')
}

/** `✗ board failed`, `✓ 1.20 s`; where a board ran a test several times, how often. */
function cell(results: readonly TestResult[] = []): string {
  const result = worst(results)
  if (result === undefined) return ''
  const { outcome, durationMs } = result
  const text =
    outcome === 'passed'
      ? `✓ ${formatElapsed(durationMs ?? 0)}`
      : `${signOf(outcome)} ${outcome.replaceAll('-', ' ')}`
  return results.length === 1 ? text : `${text} (${timesSo(results, result)} of ${results.length})`
}

/** How many of the results are like this one. */
export function timesSo(results: readonly TestResult[], { outcome }: TestResult): number {
  return results.filter((other) => other.outcome === outcome).length
}

/** One character for what a test came to. */
export function signOf(outcome: TestResult['outcome']): string {
  if (outcome === 'passed') return '✓'
  if (outcome === 'flaky') return '~'
  return outcome === 'skipped' || outcome === 'not run' ? '-' : '✗'
}

function failures({ tests, boards }: Overview): readonly string[] {
  const lines = tests.flatMap(({ title, results }) =>
    boards.flatMap((board) => {
      const error = worst(results.get(board) ?? [])?.error
      return error === undefined ? [] : [`  ${board}: ${plainText(title)}`, `    ${error}`]
    }),
  )
  return lines.length === 0 ? [] : ['failures', ...lines]
}
