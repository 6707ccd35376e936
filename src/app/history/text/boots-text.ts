import { basename } from 'node:path'
import type { BootCourse, BootPoint, BootSeries } from '../../../history/queries/boots.ts'
import { formatElapsed } from '../../../report/format.ts'
import { plainText } from '../../../report/rendered-text.ts'
import type { Paint } from '../../../report/terminal/paint.ts'
import { fitText } from '../../../report/terminal/text-width.ts'
import { formatTable } from './table.ts'
import { countOf, formatChange, formatDate, placeNamer } from './words.ts'

/** `hil history boot`: a table a board, and the changes below it. */
export function formatBoots(
  courses: readonly BootCourse[],
  { width, paint }: { readonly width: number; readonly paint: Paint },
): readonly string[] {
  const nameOf = placeNamer(courses)
  return courses.flatMap((course, index) => [
    ...(index === 0 ? [] : ['']),
    paint(
      'bold',
      fitText(
        `${nameOf(course)}: ${countOf(course.boots.length, 'boot')} from power to ${course.end}`,
        width,
      ),
    ),
    ...formatTable(
      [
        { title: '  stage' },
        { title: 'boots', align: 'right' },
        { title: 'median', align: 'right' },
        { title: 'fastest', align: 'right' },
        { title: 'slowest', align: 'right' },
        { title: 'last', align: 'right' },
        { title: 'change' },
      ],
      course.series.map(rowOf),
      width,
    ),
    ...course.series.flatMap((series) => changeLines(series, course.boots, width)),
  ])
}

function rowOf({ name, values, median, last, segments }: BootSeries): readonly string[] {
  const [before, after] = segments.slice(-2)
  return [
    `  ${name === 'boot' ? 'whole boot' : `  ${name}`}`,
    String(values.length),
    ...[median, Math.min(...values), Math.max(...values), last].map(formatElapsed),
    before === undefined || after === undefined ? '' : formatChange(before.median, after.median),
  ]
}

/** Where a series changed its level: from what to what, with which run. */
function changeLines(
  { name, boots, segments }: BootSeries,
  points: readonly BootPoint[],
  width: number,
): readonly string[] {
  return segments.slice(1).flatMap((segment, index) => {
    const before = segments[index]
    const point = points[boots[segment.from] ?? -1]
    if (before === undefined || point === undefined) return []
    const kernel = point.kernel === undefined ? '' : ` with Linux ${plainText(point.kernel)}`
    return [
      `  ${name}: ${formatElapsed(before.median)} -> ${formatElapsed(segment.median)} since ${formatDate(point.startedAt)}${kernel}`,
      `    first in ${basename(point.directory)}`,
    ].map((line) => fitText(line, width))
  })
}
