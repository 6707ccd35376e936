import type { NightCell, NightRecord } from '../../core/night-record.ts'
import { formatMoment } from '../../core/moment.ts'
import { formatElapsed } from '../format.ts'
import type { NightComparison } from './compare-nights.ts'
import type { NightNews } from './night-news.ts'
import { countOutcomes, isAmiss, outcomeWords, titleOfNight } from './night-words.ts'

/** A summary has so many lines at most, and none is wider but the last: a place that is cut short leads nowhere. */
const mostLines = 20
const widestLine = 160

/** A night in 20 lines at most, for a mail: what is new first, then what else failed. */
export function nightSummary(record: NightRecord, news: NightNews, place: string): string {
  const { name, startedAt, cells, activeMs, stopped, boardsOut, bisections } = record
  const head = [
    `${name}: ${titleOfNight(record)}`,
    `${countOutcomes(cells)}; ${formatElapsed(activeMs)}, begun ${formatMoment(startedAt)}`,
    ...(stopped === undefined ? [] : [`stopped: ${stopped}`]),
    ...comparedLines(news),
  ]
  const told = new Set((news.last ?? news.lastGood)?.newFailures.map(({ id }) => id))
  const body = [
    ...bisections.flatMap(({ cell, summary }) =>
      summary === undefined ? [] : [`bisected ${cell}: ${summary}`],
    ),
    ...Object.entries(boardsOut).map(([board, why]) => `board ${board} is out: ${why}`),
    ...failing(
      cells.filter(({ id }) => told.has(id)),
      'new: ',
    ),
    ...failing(
      cells.filter(({ id }) => !told.has(id)),
      '',
    ),
  ]
  const room = mostLines - head.length - 1
  const shown = body.length > room ? [...body.slice(0, room - 1), `and ${body.length - room + 1} more`] : body
  return [...[...head, ...shown].map(fit), place].map((line) => `${line}\n`).join('')
}

function comparedLines({ last, lastGood }: NightNews): readonly string[] {
  const lines: string[] = []
  if (last !== undefined) lines.push(`since the last night: ${countNews(last)}`)
  if (lastGood !== undefined && lastGood.startedAt !== last?.startedAt) {
    lines.push(`since the last good night (${lastGood.startedAt.slice(0, 10)}): ${countNews(lastGood)}`)
  }
  return lines
}

/** `2 new failures, 1 fixed` */
export function countNews(comparison: NightComparison): string {
  const { newFailures, newTrouble, fixed, flaky, slowerBoots, stillFailing } = comparison
  const parts = [
    [newFailures.length, 'new failures'],
    [newTrouble.length, 'newly failed by the bench'],
    [fixed.length, 'fixed'],
    [flaky.length, 'newly flaky'],
    [slowerBoots.length, 'slower boots'],
    [stillFailing, 'still failing'],
  ] as const
  return (
    parts
      .filter(([count]) => count > 0)
      .map(([count, what]) => `${count} ${count === 1 ? what.replace(/s$/, '') : what}`)
      .join(', ') || 'nothing is new'
  )
}

/** What has the same reason is one line. */
function failing(cells: readonly NightCell[], mark: string): readonly string[] {
  const byReason = new Map<string, NightCell[]>()
  for (const cell of cells) {
    const { outcome, why = '' } = cell
    if (outcome === undefined || outcome === 'not-run' || !isAmiss(cell)) continue
    const key = `${outcomeWords[outcome].word}: ${why}`
    byReason.set(key, [...(byReason.get(key) ?? []), cell])
  }
  return [...byReason].map(([why, [first, ...others]]) => {
    const more = others.length === 0 ? '' : ` and ${others.length} more`
    return `${mark}${first?.id ?? ''}${more}: ${why}`
  })
}

function fit(line: string): string {
  const one = line.replaceAll(/\s+/g, ' ').trim()
  return one.length <= widestLine ? one : `${one.slice(0, widestLine - 1)}…`
}
