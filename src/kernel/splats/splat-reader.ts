import type { Finding } from '../finding.ts'
import type { ConsoleLine } from '../lines/console-line.ts'
import { findStart, type SplatStart } from './families.ts'
import { OpenReport } from './open-report.ts'
import type { SplatKind } from './splat-kind.ts'

export interface SplatEvents {
  /** Its first line is complete: what it is, not yet where. */
  found(finding: Finding): void
  /** Its last line has come, or no more will. */
  reported(finding: Finding): void
}

/** After so many findings the rest is not told, unless it is fatal. */
const maximumFindings = 1000
/** So many reports may be under way at once. */
const maximumOpen = 16
/** A panic so soon after a report is its consequence. */
const consequenceSeconds = 5

/**
 * Finds reports in lines and takes apart those that come at once: with `CONFIG_PRINTK_CALLER` by who
 * speaks, else by what the lines say.
 */
export class SplatReader {
  readonly #events: SplatEvents
  #open: OpenReport[] = []
  #count = 0
  /** First lines of the reports of this boot, with their stamps. */
  #seen = new Set<string>()
  #last: Finding | undefined
  /** Reports that were ended from outside: the rest of them may still come. */
  #interrupted: OpenReport[] = []

  constructor(events: SplatEvents) {
    this.#events = events
  }

  get isReading(): boolean {
    return this.#open.length > 0
  }

  /** @param triggers those that are in the line @param excuse why the kernel can't have said it, if so */
  line(line: ConsoleLine, triggers: readonly string[], excuse: string | undefined): void {
    const start = triggers.length === 0 ? undefined : findStart(line, triggers)
    if (this.#open.length > 0) this.#addTo(line, start)
    if (start !== undefined) this.#begin(line, start, excuse)
  }

  /** What is known by now of a report that is under way, or was the last to end. */
  soFar(id: number): Finding | undefined {
    const open = this.#open.find((report) => report.id === id)
    return open?.finding(true) ?? (this.#last?.id === id ? this.#last : undefined)
  }

  /** A finding that no line of the table says. */
  note(
    line: ConsoleLine,
    { kind, level, title }: Pick<Finding, 'kind' | 'level' | 'title'>,
    excuse?: string,
  ): void {
    const entry: SplatKind = { kind, level, title, trigger: '', isOneLine: true }
    const start = { candidates: [{ kind: entry, groups: [], text: line.message }] }
    this.#add(line, start, undefined, excuse)
  }

  /** Another kernel speaks. */
  newBoot(): void {
    this.flush()
    this.#seen = new Set()
    this.#last = undefined
    this.#interrupted = []
  }

  /** Ends all reports that are under way. */
  flush(): void {
    if (this.#open.length > 0) this.#interrupted = this.#open
    for (const report of this.#open) this.#close(report)
    this.#open = []
  }

  #begin(line: ConsoleLine, start: SplatStart, excuse: string | undefined): void {
    const [first] = start.candidates
    if (first === undefined || this.#isShownAgain(line)) return
    const under = this.#open.find((report) => report.belongs(line))
    if (first.kind.under === 'part' && (under !== undefined || this.#isRest(line))) return
    const causedBy = first.kind.level === 'fatal' ? (under?.id ?? this.#causeOf(line)) : undefined
    this.#add(line, start, causedBy, first.kind.byProgram === true ? undefined : excuse)
  }

  #add(line: ConsoleLine, start: SplatStart, causedBy?: number, excuse?: string): void {
    this.#count++
    if (this.#count > maximumFindings && start.candidates[0]?.kind.level !== 'fatal') return
    const report = new OpenReport(this.#count, start, line, { causedBy, excuse })
    this.#events.found(report.finding(false))
    if (report.isOver) this.#close(report)
    else this.#open.push(report)
    if (this.#open.length > maximumOpen) this.#close(this.#open.shift())
  }

  /** `dmesg`, or a console that is told everything again. */
  #isShownAgain(line: ConsoleLine): boolean {
    if (line.kernelTime === undefined) return false
    const key = `${line.kernelTime} ${line.message}`
    if (this.#seen.has(key)) return true
    if (this.#seen.size < maximumFindings) this.#seen.add(key)
    return false
  }

  /** Whether the line belongs to a report that was not read to its end. */
  #isRest(line: ConsoleLine): boolean {
    return this.#interrupted.some((report) => report.belongs(line) && !report.isTooLate(line))
  }

  #causeOf(line: ConsoleLine): number | undefined {
    const last = this.#last
    if (last === undefined || last.level === 'info') return undefined
    if (line.kernelTime === undefined || last.kernelTime === undefined) return undefined
    return line.kernelTime - last.kernelTime <= consequenceSeconds ? last.id : undefined
  }

  #addTo(line: ConsoleLine, start: SplatStart | undefined): void {
    const kind = start?.candidates[0]?.kind
    for (const report of this.#open) {
      if (!report.belongs(line)) continue
      if (report.isTooLate(line) || (kind !== undefined && endsReport(kind, report))) report.close()
      else report.add(line)
    }
    const over = this.#open.filter(({ isOver }) => isOver)
    if (over.length === 0) return
    for (const report of over) this.#close(report)
    this.#open = this.#open.filter(({ isOver }) => !isOver)
  }

  #close(report: OpenReport | undefined): void {
    if (report === undefined) return
    const finding = report.finding(true)
    this.#last = finding
    this.#events.reported(finding)
  }
}

/** Who speaks may be known: then a report that has no stack yet goes on, for that task may go on with it. */
function endsReport(kind: SplatKind, report: OpenReport): boolean {
  if (kind.under !== undefined || kind.level === 'info') return false
  return report.hasStack || report.first.speaker === 'stamped' || report.first.speaker === 'plain'
}
