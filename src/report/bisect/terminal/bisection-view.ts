import { now } from '../../../core/clock.ts'
import { LiveLines } from '../../terminal/live-lines.ts'
import { makePaint, type Paint } from '../../terminal/paint.ts'
import type { Screen } from '../../terminal/screen.ts'
import type { BisectionUpdate, Estimate } from '../bisection-update.ts'
import { closingLines } from './closing-lines.ts'
import { liveBisection } from './live-bisection.ts'
import { estimateLine, remainingLine, tellNews, tellStart } from './tell-step.ts'

/**
 * A bisection for whoever watches it: a line for each build, each run and each decision, and on a terminal below them how
 * it stands now.
 */
export class BisectionView {
  readonly #screen: Screen
  readonly #paint: Paint
  readonly #live: LiveLines
  #last: BisectionUpdate | undefined
  /** What was said to be left, in commits. */
  #told: number | undefined
  /** What was said of all that there is to do. */
  #estimated: Estimate | undefined

  constructor(screen: Screen) {
    this.#screen = screen
    this.#paint = makePaint(screen.output.isColoured)
    this.#live = new LiveLines(screen)
  }

  /** To be called whenever something begins or ends. */
  update(update: BisectionUpdate): void {
    const { record, remaining, estimate } = update
    this.#print(
      this.#last === undefined ? tellStart(record, this.#paint) : tellNews(this.#last, update, this.#paint),
    )
    if (estimate !== undefined && isBetter(estimate, this.#estimated)) {
      this.#estimated = estimate
      this.#print([estimateLine(estimate, this.#paint)])
    }
    if (remaining !== undefined && isNews(remaining.commits, this.#told)) {
      this.#told = remaining.commits
      this.#print([remainingLine(record, remaining, this.#paint)])
    }
    this.#last = update
    const updatedAt = now()
    this.#live.show(() =>
      liveBisection(update, {
        now: now(),
        activeMs: record.activeMs + now() - updatedAt,
        columns: this.#screen.output.columns,
        paint: this.#paint,
      }),
    )
  }

  /** To be called once, at the end. @param reports where its files are, as a person would type it */
  end(reports: string): void {
    this.#live.stop()
    if (this.#last !== undefined) this.#print(closingLines(this.#last.record, reports, this.#paint))
  }

  #print(lines: readonly string[]): void {
    this.#screen.print(lines.map((line) => `${line}\n`).join(''))
  }
}

/** Whether the range has changed by about half a round: flaky failures move it little by little. */
function isNews(commits: number, told: number | undefined): boolean {
  if (told === undefined) return true
  return Math.abs(Math.log2(Math.max(1, commits)) - Math.log2(Math.max(1, told))) >= 0.4
}

/** The first one, and the first that knows how long it takes. */
function isBetter({ ms }: Estimate, told: Estimate | undefined): boolean {
  return told === undefined || (told.ms === undefined && ms !== undefined)
}
