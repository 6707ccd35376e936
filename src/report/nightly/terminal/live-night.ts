import { clockTime } from '../../bisect/amounts.ts'
import type { Paint } from '../../terminal/paint.ts'
import { shownLine } from '../../terminal/shown-text.ts'
import { fitText } from '../../terminal/text-width.ts'
import { countOutcomes } from '../night-words.ts'
import type { NightNews } from './night-view.ts'

/** More boards at once than this share a line that counts them. */
const shownBoards = 12

const widestBar = 24

/** How many cells are done, and a line for each board at work and for the build. @param now on our clock */
export function liveNight(
  { record, running, building }: NightNews,
  { now, activeMs, columns, paint }: { now: number; activeMs: number; columns: number; paint: Paint },
): readonly string[] {
  const shown = running.slice(0, shownBoards)
  const width = Math.max('build'.length, ...shown.map(({ board }) => board.length))
  const row = (name: string, text: string) => {
    const padded = shownLine(name).padEnd(width)
    const line = fitText(`${padded}  ${shownLine(text)}`, columns - 1)
    return `${paint('bold', line.slice(0, padded.length))}${line.slice(padded.length)}`
  }
  const since = (time: number) => clockTime(Math.max(0, now - time))
  return [
    overview(record, activeMs, columns - 1, paint),
    ...shown.map((each) => row(each.board, `${since(each.since)} ${each.what}`)),
    ...(running.length > shownBoards ? [row('', `and ${running.length - shownBoards} boards more`)] : []),
    ...(building === undefined ? [] : [row('build', `${since(building.since)} ${building.payload}`)]),
  ]
}

/** `████████░░░░  37 of 1000 cells · 30 passed, 7 board failed · 1:02:05 so far` */
function overview({ cells }: NightNews['record'], activeMs: number, columns: number, paint: Paint): string {
  const done = cells.filter(({ outcome }) => outcome !== undefined)
  const barWidth = Math.min(widestBar, Math.floor(columns / 3))
  const bar = cells.length === 0 ? barWidth : Math.floor((done.length / cells.length) * barWidth)
  const counts = done.length === 0 ? [] : [countOutcomes(done)]
  const text = [`${done.length} of ${cells.length} cells`, ...counts, `${clockTime(activeMs)} so far`].join(
    ' · ',
  )
  return `${paint('green', '█'.repeat(bar))}${paint('dim', '░'.repeat(barWidth - bar))} ${fitText(text, columns - barWidth - 1)}`
}
