import { now } from '../../../core/clock.ts'
import type { NightCell, NightPayload, NightRecord } from '../../../core/night-record.ts'
import { formatElapsed } from '../../format.ts'
import { LiveLines } from '../../terminal/live-lines.ts'
import { makePaint, type Paint } from '../../terminal/paint.ts'
import type { Screen } from '../../terminal/screen.ts'
import { shownLine } from '../../terminal/shown-text.ts'
import { countOutcomes, outcomeWords, plural, titleOfNight, type Tone } from '../night-words.ts'
import { liveNight } from './live-night.ts'

/** What of a night is shown while it goes on. */
export interface NightNews {
  readonly record: NightRecord
  readonly running: readonly { readonly board: string; readonly what: string; readonly since: number }[]
  readonly building: { readonly payload: string; readonly since: number } | undefined
}

const styles = {
  good: 'green',
  doubtful: 'yellow',
  bad: 'red',
  amiss: 'magenta',
  neutral: 'dim',
} as const satisfies Record<Tone, string>

/** A night for whoever watches it: a line for each payload, each cell and each board that is out, and how it stands now. */
export class NightView {
  readonly #screen: Screen
  readonly #paint: Paint
  readonly #live: LiveLines
  #last: NightRecord | undefined

  constructor(screen: Screen) {
    this.#screen = screen
    this.#paint = makePaint(screen.output.isColoured)
    this.#live = new LiveLines(screen)
  }

  /** To be called whenever something begins or ends. */
  update(news: NightNews): void {
    const { record } = news
    this.#print(
      this.#last === undefined ? tellStart(record, this.#paint) : tellNews(this.#last, record, this.#paint),
    )
    this.#last = record
    const updatedAt = now()
    this.#live.show(() =>
      liveNight(news, {
        now: now(),
        activeMs: record.activeMs + now() - updatedAt,
        columns: this.#screen.output.columns,
        paint: this.#paint,
      }),
    )
  }

  stop(): void {
    this.#live.stop()
  }

  /** To be called once, at the end. @param directory where its files are, as a person would type it */
  end(record: NightRecord, directory: string): void {
    const title = titleOfNight(record)
    const tone = title === 'All passed' || title === 'Nothing has changed' ? 'good' : 'bad'
    this.#print([
      '',
      this.#paint(['bold', styles[tone]], title),
      `${countOutcomes(record.cells)}, in ${formatElapsed(record.activeMs)}`,
      ...(record.stopped === undefined
        ? []
        : [`stopped: ${shownLine(record.stopped)}; "hil nightly resume" goes on`]),
      `Report: ${directory}`,
    ])
  }

  #print(lines: readonly string[]): void {
    this.#screen.print(lines.map((line) => `${line}\n`).join(''))
  }
}

function tellStart(record: NightRecord, paint: Paint): readonly string[] {
  const { name, cells, boards, payloads, specs } = record
  const size = [
    plural(boards.length, 'board'),
    plural(payloads.length, 'payload'),
    plural(specs.length, 'spec'),
  ]
  const done = cells.filter(({ outcome }) => outcome !== undefined).length
  return [
    line(paint, 'bold', 'nightly', `${name}: ${plural(cells.length, 'cell')} of ${size.join(', ')}`),
    ...(done === 0
      ? []
      : [line(paint, 'bold', 'resumed', `${done} of ${plural(cells.length, 'cell')} are done already`)]),
  ]
}

/** A line for each thing that is new, in a form to be searched. */
function tellNews(before: NightRecord, record: NightRecord, paint: Paint): readonly string[] {
  if (before === record) return []
  return [
    ...record.payloads.flatMap((payload, index) =>
      payload === before.payloads[index] ? [] : [payloadLine(payload, paint)],
    ),
    ...record.health
      .slice(before.health.length)
      .filter(({ verdict }) => verdict !== 'passed')
      .map(({ board, why }) => line(paint, 'yellow', `health ${board}`, why)),
    ...Object.entries(record.boardsOut)
      .filter(([board]) => before.boardsOut[board] === undefined)
      .map(([board, why]) => line(paint, 'magenta', `board ${board}`, `out: ${why}`)),
    ...record.cells.flatMap((cell, index) => cellLines(before.cells[index], cell, paint)),
    ...record.notes.slice(before.notes.length).map((note) => line(paint, 'yellow', 'note', note)),
  ]
}

function payloadLine(
  { name, obstacle, skipped, durationMs = 0, isCached, commit, notes = [], log }: NightPayload,
  paint: Paint,
) {
  if (obstacle !== undefined) {
    const where = log === undefined ? '' : `; log: ${log}`
    return line(paint, 'red', `payload ${name}`, `can't be made: ${obstacle.why}${where}`)
  }
  if (skipped !== undefined) return line(paint, 'dim', `payload ${name}`, skipped)
  const what = commit === undefined ? '' : ` of ${commit.shortId} ${commit.subject}`
  const how = isCached === true ? 'found in the cache' : `ready in ${formatElapsed(durationMs)}`
  return line(paint, 'dim', `payload ${name}`, [`${how}${what}`, ...notes].join('; '))
}

function cellLines(before: NightCell | undefined, cell: NightCell, paint: Paint): readonly string[] {
  if (before === cell) return []
  const { id, outcome, why = '', attempts } = cell
  if (outcome === undefined) {
    const failed = attempts.at(-1)
    return failed === undefined ? [] : [line(paint, 'yellow', id, `${failed.why}; once more`)]
  }
  // What was given up is told by what it was given up for.
  if (
    before?.outcome !== undefined ||
    outcome === 'not-run' ||
    (outcome === 'skipped' && attempts.length === 0)
  )
    return []
  const { word, tone } = outcomeWords[outcome]
  const took = formatElapsed(attempts.reduce((sum, { durationMs }) => sum + durationMs, 0))
  return [line(paint, styles[tone], id, `${word}, ${took}${outcome === 'passed' ? '' : `: ${why}`}`)]
}

function line(paint: Paint, style: Parameters<Paint>[0], head: string, text: string): string {
  return `${paint(style, `${shownLine(head)}:`)} ${shownLine(text)}`
}
