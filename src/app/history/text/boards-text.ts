import type { BoardCourse } from '../../../history/queries/infrastructure.ts'
import { formatDuration } from '../../../core/duration.ts'
import { plainText } from '../../../report/rendered-text.ts'
import type { Paint } from '../../../report/terminal/paint.ts'
import { fitText } from '../../../report/terminal/text-width.ts'
import { formatTable } from './table.ts'
import { countOf, formatDate, formatShare, placeNamer } from './words.ts'

/** `hil history boards` */
export function formatBoards(
  courses: readonly BoardCourse[],
  { width, paint }: { readonly width: number; readonly paint: Paint },
): readonly string[] {
  const nameOf = placeNamer(courses)
  const rows = courses.map((course) => [
    nameOf(course),
    String(course.runs),
    String(course.runsWithErrors),
    course.errorRate === undefined
      ? ''
      : `${formatShare(course.errorRate.rate)} (${formatShare(course.errorRate.low)} to ${formatShare(course.errorRate.high)})`,
    course.errors[0]?.code ?? '',
  ])
  const columns = [
    { title: 'board' },
    { title: 'runs', align: 'right' },
    { title: 'with errors', align: 'right' },
    { title: 'share (95% certain)' },
    { title: 'mostly', isFlexible: true },
  ] as const
  return [
    ...formatTable(columns, rows, width),
    ...courses.flatMap((course) =>
      course.errors.flatMap(({ code, runs, lastSeen, message }, index) => [
        ...(index === 0 ? ['', paint('bold', nameOf(course)), ...meanTimeOf(course)] : []),
        fitText(`  ${code} in ${countOf(runs, 'run')}, last ${formatDate(lastSeen)}`, width),
        fitText(`    ${plainText(message).replace(/\s+/g, ' ')}`, width),
      ]),
    ),
  ]
}

function meanTimeOf({ meanTimeBetweenErrorsMs: ms }: BoardCourse): readonly string[] {
  return ms === undefined ? [] : [`  ${formatDuration(ms)} between errors on average`]
}
