import { formatDuration } from '../../core/duration.ts'
import { formatElapsed } from '../format.ts'
import type { BoardRecord, RunRecord } from '../run-record.ts'
import type { Paint } from './paint.ts'
import { shownLine } from './shown-text.ts'
import { fitText } from './text-width.ts'

/** More boards at once than this share a line that counts them. */
const shownBoards = 8

/**
 * One line for each board that is at work: where it is or where it goes, for how long, and the last
 * line of its console.
 *
 * @param t milliseconds since the run began, now
 */
export function liveStatus(record: RunRecord, t: number, columns: number, paint: Paint): readonly string[] {
  const busy = record.boards.filter(({ released }) => released === undefined)
  const nameWidth = Math.max(0, ...busy.slice(0, shownBoards).map(({ name }) => name.length))
  const lines = busy.slice(0, shownBoards).map((board) => boardLine(board, t, nameWidth, columns - 1, paint))
  if (busy.length <= shownBoards) return lines
  return [...lines, fitText(`… and ${busy.length - shownBoards} boards more`, columns - 1)]
}

function boardLine(board: BoardRecord, t: number, nameWidth: number, columns: number, paint: Paint): string {
  const name = shownLine(board.name).padEnd(nameWidth)
  const head = `${name}  ${activity(board, t)}`
  const test = board.test === undefined ? '' : ` · ${shownLine(board.test.titles.at(-1) ?? '')}`
  const lastLine = board.lastLines.findLast(({ text }) => text.trim() !== '')?.text.trim() ?? ''
  const left = fitText(`${head}${test}`, columns)
  const room = columns - left.length - 3
  // With little room left the console line would say nothing.
  const right = room < 10 || lastLine === '' ? '' : ` │ ${fitText(lastLine, room)}`
  return `${paint('bold', left.slice(0, name.length))}${left.slice(name.length)}${paint('dim', right)}`
}

function activity({ entering, state, transfer }: BoardRecord, t: number): string {
  if (transfer !== undefined) {
    const { direction, path, done, total } = transfer
    return `${direction} ${shownLine(path)} ${formatShare(done, total)}`
  }
  if (entering === undefined) return `${shownLine(state ?? 'starting')} ${formatSeconds(t)}`
  const { to, since, budgetMs } = entering
  return `→ ${shownLine(to)} ${formatSeconds(t - since)} of ${formatDuration(budgetMs)}`
}

/** Nothing is all of nothing. */
function formatShare(done: number, total: number): string {
  return `${total === 0 ? 100 : Math.floor((100 * done) / total)}%`
}

/** Steady in width, so that the line does not jump; milliseconds would only flicker. */
function formatSeconds(ms: number): string {
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : formatElapsed(ms)
}
