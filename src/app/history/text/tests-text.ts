import type { TestCourse, TestPoint, TestStatus } from '../../../history/queries/tests.ts'
import { median } from '../../../history/statistics/median.ts'
import { formatElapsed } from '../../../report/format.ts'
import { plainText } from '../../../report/rendered-text.ts'
import type { Paint } from '../../../report/terminal/paint.ts'
import { fitText } from '../../../report/terminal/text-width.ts'
import { formatTable } from './table.ts'
import { countOf, formatDate, formatProportion, formatShare, placeNamer } from './words.ts'

/** One character a run, as the `dot` reporter has them. */
const marks = { passed: '.', flaky: '~', failed: 'F', inconclusive: '?', 'not run': '-' } as const
const styles = {
  passed: 'green',
  flaky: 'yellow',
  failed: 'red',
  inconclusive: 'magenta',
  'not run': 'dim',
} as const

/** `hil history tests`: a line a test. */
export function formatTests(courses: readonly TestCourse[], width: number): readonly string[] {
  const nameOf = placeNamer(courses)
  const rows = courses.map((course) => {
    const { counts, flakeRate, failing } = course
    const judged = judgedCount(course)
    return [
      plainText(course.title),
      nameOf(course),
      String(course.results.length),
      judged === 0 ? '' : formatShare((counts.passed + counts.flaky) / judged),
      flakeRate === undefined ? '' : formatShare(flakeRate.rate),
      failing === undefined ? '' : formatDate(failing.since.startedAt),
    ]
  })
  return formatTable(
    [
      { title: 'test', isFlexible: true },
      { title: 'board' },
      { title: 'runs', align: 'right' },
      { title: 'pass', align: 'right' },
      { title: 'flaky', align: 'right' },
      { title: 'fails since' },
    ],
    rows,
    width,
  )
}

export interface TestLook {
  readonly width: number
  /** How many of the last results to list. */
  readonly limit: number
  readonly paint: Paint
}

/** `hil history test`: some tests, each on one board. */
export function formatTestCourses(courses: readonly TestCourse[], look: TestLook): readonly string[] {
  return courses.flatMap((course, index) => [...(index === 0 ? [] : ['']), ...formatCourse(course, look)])
}

function formatCourse(course: TestCourse, { width, limit, paint }: TestLook): readonly string[] {
  const { results, flakeRate, counts, flips } = course
  const passed = results.filter(({ status }) => status === 'passed')
  return [
    paint('bold', fitText(`${plainText(course.title)} on ${course.board}`, width)),
    fitText(`  ${course.file}, ${course.environment}`, width),
    `  ${results
      .slice(2 - width)
      .map(({ status }) => paint(styles[status], marks[status]))
      .join('')}`,
    `  ${countsLine(course)}`,
    ...(flakeRate === undefined || counts.flaky === 0
      ? []
      : [`  flaky in ${formatProportion(counts.flaky, judgedCount(course), flakeRate)}`]),
    ...(flips > 1 ? [`  changed its mind ${flips} times from one run to the next`] : []),
    ...(passed.length === 0
      ? []
      : [
          `  takes ${formatElapsed(median(passed.map(({ durationMs }) => durationMs)))} when it passes (median)`,
        ]),
    ...failingLines(course, paint),
    '',
    ...resultLines(results.slice(-limit).toReversed(), width),
  ]
}

function countsLine({ results, counts }: TestCourse): string {
  const parts = (Object.keys(marks) as TestStatus[])
    .filter((status) => counts[status] > 0)
    .map((status) => `${counts[status]} ${status}`)
  return `${countOf(results.length, 'run')}: ${parts.join(', ')}`
}

function failingLines({ failing }: TestCourse, paint: Paint): readonly string[] {
  if (failing === undefined) return []
  const { since, lastPassed } = failing
  const kernelOf = ({ kernel }: { readonly kernel: string | undefined }) =>
    kernel === undefined ? '' : ` with Linux ${plainText(kernel)}`
  return [
    `  ${paint('red', `fails since ${formatDate(since.startedAt)}`)}${kernelOf(since)}, ${countOf(failing.runs, 'run')}`,
    `    first in ${since.directory}`,
    lastPassed === undefined
      ? '    it has not passed before'
      : `  passed last ${formatDate(lastPassed.startedAt)}${kernelOf(lastPassed)}`,
    ...(lastPassed === undefined ? [] : [`    in ${lastPassed.directory}`]),
  ]
}

function resultLines(results: readonly TestPoint[], width: number): readonly string[] {
  const rows = results.map(({ startedAt, status, durationMs, kernel, error }) => [
    `  ${formatDate(startedAt)}`,
    status,
    status === 'not run' ? '' : formatElapsed(durationMs),
    plainText(kernel ?? ''),
    plainText(error ?? '').replace(/\s+/g, ' '),
  ])
  const columns = [
    { title: '  run' },
    { title: 'result' },
    { title: 'time', align: 'right' },
    { title: 'kernel' },
    { title: 'why', isFlexible: true },
  ] as const
  return formatTable(columns, rows, width)
}

function judgedCount({ counts }: TestCourse): number {
  return counts.passed + counts.flaky + counts.failed
}
