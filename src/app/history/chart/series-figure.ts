import type { BootCourse, BootPoint, BootSeries } from '../../../history/queries/boots.ts'
import { formatElapsed } from '../../../report/format.ts'
import { markup, type Markup } from '../../../report/html/markup.ts'
import { formatChange, formatDate } from '../text/words.ts'
import { scaleFor, type Scale } from './scale.ts'

const width = 960
const left = 64
const right = 12
/** Room for what is said of changes, in two rows: they can be close to each other. */
const top = 32
const rows = [12, 25] as const
const bottom = 22

/** A series as a drawing: a dot a boot, lines for the medians between changes. */
export function seriesFigure(series: BootSeries, { boots }: BootCourse, height: number): Markup {
  const { name, values, median, segments } = series
  const scale = scaleFor(values)
  const x = (index: number) => left + ((index + 0.5) * (width - left - right)) / boots.length
  const y = (value: number) =>
    top + ((scale.to - Math.min(value, scale.to)) * (height - top - bottom)) / (scale.to - scale.from)
  const place = (index: number) => x(series.boots[index] ?? 0)
  const title = name === 'boot' ? 'Whole boot' : name
  const changes = segments.length - 1
  const nameOf = momentNamer(boots)
  const label = `${title}: median ${formatElapsed(median)} of ${values.length} boots, ${changes === 1 ? '1 change' : `${changes} changes`}`
  return markup`<figure><figcaption><strong>${title}</strong> median ${formatElapsed(median)}, last ${formatElapsed(series.last)}</figcaption>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
${axes(scale, boots, { x, y, height })}
${values.map((value, index) => dot(value, boots[series.boots[index] ?? 0], place(index), y(value), value > scale.to))}
${segments.map((segment, index) => {
  const start = Math.max(left, place(segment.from) - 6)
  const end = Math.min(width - right, place(segment.to - 1) + 6)
  const level = y(segment.median).toFixed(1)
  const before = segments[index - 1]
  const since = boots[series.boots[segment.from] ?? 0]
  const x = place(segment.from) - 6
  const row = rows[(index + 1) % 2] ?? 0
  const mark =
    before === undefined || since === undefined
      ? undefined
      : changeMark({
          x,
          height,
          row,
          before: before.median,
          after: segment.median,
          since,
          when: nameOf(since.startedAt),
        })
  return markup`${mark}
<line class="median" x1="${start.toFixed(1)}" x2="${end.toFixed(1)}" y1="${level}" y2="${level}"/>`
})}
</svg></figure>
`
}

interface Frame {
  readonly x: (index: number) => number
  readonly y: (value: number) => number
  readonly height: number
}

function axes({ ticks }: Scale, boots: readonly BootPoint[], { x, y, height }: Frame): Markup {
  return markup`${ticks.map((tick) => {
    const level = y(tick).toFixed(1)
    return markup`<line class="grid" x1="${left}" x2="${width - right}" y1="${level}" y2="${level}"/><text class="tick" x="${left - 6}" y="${level}" dy="0.32em" text-anchor="end">${formatElapsed(tick)}</text>`
  })}${datesOf(boots).map(
    ({ index, day }) =>
      markup`<text class="tick" x="${x(index).toFixed(1)}" y="${height - 6}" text-anchor="${index === 0 ? 'start' : 'middle'}">${day}</text>`,
  )}`
}

/** When all boots are closer together than this, days tell nothing. */
const daysMs = 3 * 86_400_000

/** When a boot was, as exactly as tells it from the others. */
function momentNamer(boots: readonly BootPoint[]): (startedAt: number) => string {
  const isLong = (boots.at(-1)?.startedAt ?? 0) - (boots[0]?.startedAt ?? 0) > daysMs
  return (startedAt) => (isLong ? formatDate(startedAt).slice(0, 10) : formatDate(startedAt).slice(5))
}

/** A date where a day begins, as many as there is room for; the time where all are of a day or two. */
function datesOf(boots: readonly BootPoint[]) {
  const nameOf = momentNamer(boots)
  const days = boots.map(({ startedAt }) => nameOf(startedAt))
  const starts = days.flatMap((day, index) => (day === days[index - 1] ? [] : [{ index, day }]))
  const room = Math.ceil(boots.length / 9)
  let last = -room
  return starts.filter(({ index }) => {
    if (index - last < room) return false
    last = index
    return true
  })
}

function dot(value: number, boot: BootPoint | undefined, x: number, y: number, isFarOut: boolean): Markup {
  const kernel = boot?.kernel === undefined ? '' : `, Linux ${boot.kernel}`
  const words = markup`<title>${formatElapsed(value)}, ${formatDate(boot?.startedAt ?? 0)}${kernel}, ${boot?.directory}</title>`
  if (!isFarOut) return markup`<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="2.5">${words}</circle>`
  const [tip, foot] = [(y - 5).toFixed(1), (y + 1).toFixed(1)]
  return markup`<path class="far" d="M${x.toFixed(1)} ${tip}L${(x + 4).toFixed(1)} ${foot}L${(x - 4).toFixed(1)} ${foot}Z">${words}</path>`
}

interface Change {
  readonly x: number
  readonly height: number
  /** Where its words stand. */
  readonly row: number
  readonly before: number
  readonly after: number
  readonly since: BootPoint
  readonly when: string
}

function changeMark({ x, height, row, before, after, since, when }: Change): Markup {
  const words = `${formatChange(before, after)} since ${when}`
  const kernel = since.kernel === undefined ? '' : ` with Linux ${since.kernel}`
  const all = `${formatElapsed(before)} → ${formatElapsed(after)}${kernel}, first in ${since.directory}`
  // What is said near the right edge goes to the left of its line.
  const [at, anchor] = x > width - 160 ? [x - 4, 'end'] : [x + 4, 'start']
  return markup`<g class="${after > before ? 'slower' : 'faster'}"><title>${all}</title><line class="change" x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="4" y2="${height - bottom}"/><text x="${at.toFixed(1)}" y="${row}" text-anchor="${anchor}">${words}</text></g>`
}
