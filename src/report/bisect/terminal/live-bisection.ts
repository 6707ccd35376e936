import type { Paint } from '../../terminal/paint.ts'
import { shownLine } from '../../terminal/shown-text.ts'
import { fitText } from '../../terminal/text-width.ts'
import { clockTime, formatConfidence, formatCount, plural, roughTime } from '../amounts.ts'
import type { BisectionUpdate } from '../bisection-update.ts'
import { shortEstimate } from '../estimate-text.ts'
import { hasCommits, nameOf, purposeOf } from '../names.ts'

/** More boards at once than this share a line that counts them. */
const shownBoards = 8

const widestBar = 24

/**
 * What is left of the range, the most likely commit, and a line for each board and for the build.
 * @param now on our clock @param activeMs how long was worked on it until now
 */
export function liveBisection(
  update: BisectionUpdate,
  { now, activeMs, columns, paint }: { now: number; activeMs: number; columns: number; paint: Paint },
): readonly string[] {
  const { record, building } = update
  const boards = record.boards.filter((board) => record.boardsOut[board] === undefined)
  const width = Math.max('build'.length, ...boards.slice(0, shownBoards).map(({ length }) => length))
  const row = (name: string, text: string) =>
    labelled(shownLine(name).padEnd(width), text, columns - 1, paint)
  return [
    overview(update, activeMs, columns - 1, paint),
    ...likeliest(update).map((text) => fitText(text, columns - 1)),
    ...boards.slice(0, shownBoards).map((board) => row(board, activity(update, board, now))),
    ...(boards.length > shownBoards ? [row('', `and ${boards.length - shownBoards} boards more`)] : []),
    ...(building === undefined
      ? []
      : [
          row(
            'build',
            `${nameAndSubject(update, building.commit)} ${clockTime(Math.max(0, now - building.since))}`,
          ),
        ]),
  ]
}

/** `████████░░░░  37 of 1,624 commits left · 6 rounds, about 48 min · 1:02:05 so far` */
function overview(
  { record, remaining, estimate }: BisectionUpdate,
  activeMs: number,
  columns: number,
  paint: Paint,
): string {
  const { rangeSize } = record
  const soFar = `${clockTime(activeMs)} so far`
  const unit = hasCommits(record) ? 'commit' : 'payload'
  if (remaining === undefined) {
    const expected = estimate === undefined ? [] : [shortEstimate(estimate)]
    return fitText([plural(rangeSize, unit), ...expected, soFar].join(' · '), columns)
  }
  const { commits, rounds, ms } = remaining
  // Each round halves what is left: so the bar grows evenly.
  const share =
    rangeSize < 2 ? 1 : 1 - Math.log2(Math.max(1, Math.min(rangeSize, commits))) / Math.log2(rangeSize)
  const barWidth = Math.min(widestBar, Math.floor(columns / 3))
  const bar = Math.round(share * barWidth)
  const left = `${formatCount(Math.max(1, Math.min(rangeSize, commits)))} of ${plural(rangeSize, unit)} left`
  const time = [
    rounds === undefined || rounds < 1 ? [] : plural(rounds, 'round'),
    ms === undefined || ms < 1 ? [] : roughTime(ms),
  ]
    .flat()
    .join(', ')
  const text = fitText([left, ...(time === '' ? [] : [time]), soFar].join(' · '), columns - barWidth - 1)
  return `${paint('green', '█'.repeat(bar))}${paint('dim', '░'.repeat(barWidth - bar))} ${text}`
}

function likeliest(update: BisectionUpdate): readonly string[] {
  const { remaining } = update
  if (remaining === undefined || remaining.probability < worthNaming) return []
  return [`${formatConfidence(remaining.probability)} ${nameAndSubject(update, remaining.likeliest)}`]
}

/** One of many is not worth a line. */
const worthNaming = 0.05

function activity(update: BisectionUpdate, board: string, now: number): string {
  const probe = update.running.find((each) => each.board === board)
  if (probe === undefined) return 'idle'
  return `${purposeOf(update.record, probe.purpose)} ${clockTime(Math.max(0, now - probe.since))} · ${nameAndSubject(update, probe.commit)}`
}

function nameAndSubject({ record }: BisectionUpdate, commit: string): string {
  const subject = record.commits[commit]?.subject ?? ''
  return shownLine(`${nameOf(record, commit)} ${subject}`)
}

function labelled(name: string, text: string, columns: number, paint: Paint): string {
  const line = fitText(`${name}  ${text}`, columns)
  return `${paint('bold', line.slice(0, name.length))}${line.slice(name.length)}`
}
