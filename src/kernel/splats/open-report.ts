import type { Finding, Level } from '../finding.ts'
import type { ConsoleLine } from '../lines/console-line.ts'
import type { SplatStart } from './families.ts'
import { makeTitle } from './make-title.ts'
import { isReportLine, withoutDoubt } from './report-lines.ts'
import { signatureOf } from './signature.ts'

/** A report is cut here: a kernel that prints for ever is not one report. */
const maximumLines = 1500
/** So long after its last line, on the kernel's clock, nothing belongs to it any more. */
const maximumPauseSeconds = 10
/** Lines of ordinary text after which an unfinished report is over. */
const maximumStray = 150

/** A report whose lines are still coming. */
export class OpenReport {
  readonly id: number
  readonly start: SplatStart
  readonly first: ConsoleLine
  readonly causedBy: number | undefined
  readonly excuse: string | undefined
  readonly #lines: string[] = []
  readonly #ends: number[] = []
  /** How many of the lines look like a report. */
  #kept = 0
  #lastTime: number | undefined
  /** All CPUs were asked for a trace: what CPUs say belongs to it. */
  #isAboutAll = false
  #isOver = false

  constructor(
    id: number,
    start: SplatStart,
    first: ConsoleLine,
    about: { readonly causedBy: number | undefined; readonly excuse: string | undefined },
  ) {
    this.id = id
    this.start = start
    this.first = first
    this.causedBy = about.causedBy
    this.excuse = about.excuse
    this.#lines.push(first.message)
    this.#ends.push(first.end)
    this.#kept = 1
    this.#lastTime = first.kernelTime
    this.#isOver = start.candidates[0]?.kind.isOneLine === true
  }

  /** Whether its last line has come. */
  get isOver(): boolean {
    return this.#isOver
  }

  get hasStack(): boolean {
    return this.#lines.some((line) => withoutDoubt(line) !== undefined && /\+0x[0-9a-f]/.test(line))
  }

  belongs(line: ConsoleLine): boolean {
    if (line.speaker === this.first.speaker) return true
    return this.#isAboutAll && line.speaker.startsWith('C')
  }

  /** Whether the kernel's clock says that the line comes long after the report. */
  isTooLate(line: ConsoleLine): boolean {
    if (line.kernelTime === undefined || this.#lastTime === undefined) return false
    return line.kernelTime - this.#lastTime > maximumPauseSeconds
  }

  add(line: ConsoleLine): void {
    const text = withoutDoubt(line.message)
    if (text === undefined) return
    this.#lastTime = line.kernelTime ?? this.#lastTime
    this.#lines.push(text)
    this.#ends.push(line.end)
    if (text.includes('Sending NMI from CPU')) this.#isAboutAll = true
    if (isReportLine(text)) this.#kept = this.#lines.length
    if (isLastLine(text, this.#lines.length) || this.start.candidates[0]?.kind.end?.test(text) === true) {
      this.#kept = this.#lines.length
      this.#isOver = true
    }
    const strayed = this.#lines.length - this.#kept
    if (this.#lines.length >= maximumLines || strayed > maximumStray) this.#isOver = true
  }

  /** What comes now belongs to another report, or to none. */
  close(): void {
    this.#isOver = true
  }

  /** What is known now. */
  finding(isComplete: boolean): Finding {
    const made = makeTitle(this.start, this.#lines, isComplete)
    const kept = this.#lines.slice(0, this.#kept)
    return {
      id: this.id,
      kind: made.kind.kind,
      level: this.excuse === undefined ? made.kind.level : info,
      title: made.title,
      signature: signatureOf(made.title),
      place: made.place,
      frames: made.frames,
      ...whoRan(kept),
      kernelTime: this.first.kernelTime,
      hostTimeMs: this.first.hostTimeMs,
      offset: this.first.offset,
      end: this.#ends[this.#kept - 1] ?? this.first.end,
      line: this.first.number,
      lines: kept,
      // What a panic lacks is in the report it comes from.
      corrupted: isComplete && this.causedBy === undefined ? made.corrupted : undefined,
      causedBy: this.causedBy,
      excuse: this.excuse,
    }
  }
}

const info: Level = 'info'

function isLastLine(text: string, count: number): boolean {
  if (/---\[ end (?:trace|Kernel panic)|^Rebooting in \d/.test(text)) return true
  return count > 3 && /^={20,}\s{0,8}$/.test(text)
}

/** `CPU: 1 PID: 123 Comm: sh Not tainted 6.1.0`; since 6.13 with `UID: 0` between. */
function whoRan(lines: readonly string[]): Pick<Finding, 'cpu' | 'task'> {
  for (const line of lines) {
    const match =
      /CPU: (\d{1,5}) (?:UID: \d{1,10} )?PID: (\d{1,8}) Comm: (.{1,40}?) (?:Not tainted|Tainted|Kdump)/.exec(
        line,
      )
    if (match !== null) {
      return { cpu: Number(match[1]), task: { name: match[3] ?? '', pid: Number(match[2]) } }
    }
  }
  return { cpu: undefined, task: undefined }
}
