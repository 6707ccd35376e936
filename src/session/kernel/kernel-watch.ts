import { EventEmitter, once } from 'node:events'
import { now } from '../../core/clock.ts'
import { startDeadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'
import type { EmitEvent, RunEventBody } from '../../core/events.ts'
import type { KernelRule } from '../../environment/environment.ts'
import { excuseFor } from '../../kernel/allow-list.ts'
import type { Finding } from '../../kernel/finding.ts'
import { KernelLogReader } from '../../kernel/kernel-log-reader.ts'
import type { Stage } from '../../kernel/stages/stage.ts'
import type { BoardObserver } from '../../lab/board-observer.ts'
import type { HeardReports } from './heard-reports.ts'
import { complaint, fatality } from './kernel-verdicts.ts'

/** A board that is silent for so long in the middle of a report does not go on with it, in milliseconds. */
const silenceMs = 200
/** Nobody waits longer than this for the rest of a report, in milliseconds: at 115200 baud an oops takes 500. */
const reportMs = 1500

/** What a board did by itself. */
export interface KernelEvents {
  /** The kernel does not go on; told as soon as its first line about that is complete. */
  died(error: HilError): void
  /** Another boot has begun that the power switch did not start. @param line the first of it */
  restarted(line: string): void
}

export interface KernelWatchOptions {
  /** The board, or which console of it: `rock3a/secure`. */
  readonly console: string
  /** What is accepted everywhere. */
  readonly rules: readonly KernelRule[]
  readonly emit: EmitEvent
  /** What was heard on any console of the board. @default this is the only one */
  readonly heard?: HeardReports
  /**
   * Whether this console tells of every reset that was asked for: a coprocessor starts anew when it is told to, and
   * nobody tells us. @default true
   */
  readonly knowsResets?: boolean
  /** Whether what a kernel says here is read at all. @default true */
  readonly readsKernelLog?: boolean
}

/**
 * Reads what the kernel of one board says, as long as the board is taken, and tells what it complains about
 * as events of the run.
 */
export class KernelWatch implements BoardObserver {
  readonly #console: string
  readonly #reader: KernelLogReader
  readonly #isReading: boolean
  /** What it complained about, and what else was said that must not be. */
  readonly #complaints: (Finding | HilError)[] = []
  /** What the test that runs allows, beside the environment. */
  #allowed: readonly KernelRule[] = []
  #boot = 1
  /** Where the reader was when received bytes began to count from 0. */
  #countedFrom = 0
  #events: KernelEvents | undefined
  readonly #arrivals = new EventEmitter()

  constructor({
    console,
    rules,
    emit,
    heard,
    knowsResets = true,
    readsKernelLog = true,
  }: KernelWatchOptions) {
    this.#console = console
    this.#isReading = readsKernelLog
    const isRepeated = (finding: Finding) => heard?.isRepeated(console, finding) === true
    this.#reader = new KernelLogReader({
      allow: rules,
      knowsPower: knowsResets,
      onFinding: (finding) => {
        if (finding.level !== 'fatal' || isRepeated(finding)) return
        this.#events?.died(fatality(console, finding, this.#causeOf(finding)))
      },
      onReport: (finding) => {
        if (isRepeated(finding)) return
        const judged = this.#judged(finding)
        this.#complaints.push(judged)
        emit(toEvent(console, judged, this.#countedFrom))
      },
      onStage: (stage) => {
        this.#onStage(stage)
      },
    })
  }

  listen(events: KernelEvents): void {
    this.#events = events
  }

  received(bytes: Uint8Array): void {
    if (!this.#isReading) return
    this.#reader.push(bytes, now())
    this.#arrivals.emit('bytes')
  }

  interrupted(): void {
    this.#reader.interrupted()
  }

  countRestarted(): void {
    this.#countedFrom = this.#reader.received
  }

  powering(): void {
    this.#reader.powered(now())
  }

  unpowering(): Promise<void> {
    return this.reportEnd()
  }

  /** Whether the kernel is in the middle of a report. */
  get isReporting(): boolean {
    return this.#reader.isReading
  }

  /**
   * Waits for the rest of a report that is under way: its function is named after its first line, and what a board has
   * not said yet is lost when it is switched off. Never throws.
   */
  async reportEnd(): Promise<void> {
    if (!this.isReporting) return
    using limit = startDeadline(reportMs, 'the rest of a report')
    while (this.isReporting) {
      using silence = limit.within(silenceMs, 'more of a report')
      try {
        await once(this.#arrivals, 'bytes', { signal: silence.signal })
      } catch {
        return
      }
    }
  }

  /** The board is told to reset. */
  expectReset(): void {
    this.#reader.expectReboot()
  }

  /** Something was said that the environment forbids: the test that runs has failed, whatever it asserts. */
  fail(error: HilError): void {
    this.#complaints.push(error)
    this.#events?.died(error)
  }

  /** There is a shell, whatever was seen of the kernel before. */
  runs(): void {
    this.#reader.runs()
  }

  /**
   * How much has been found so far, for `complaintSince`. Ends the reports under way: they belong before it.
   * @param allowed what is accepted from now on, beside what the environment allows
   */
  mark(allowed: readonly KernelRule[] = []): number {
    this.#reader.flush()
    this.#allowed = allowed
    return this.#complaints.length
  }

  /** Nothing more is read for this run: a report under way is told as far as it came. */
  finish(): void {
    this.#reader.flush()
  }

  /** The gravest thing the kernel has said since, as an error; `undefined` where it is content. */
  complaintSince(mark: number): HilError | undefined {
    this.#reader.flush()
    const complaints = this.#complaints.slice(mark)
    const forbidden = complaints.find((each) => each instanceof HilError)
    if (forbidden !== undefined) return forbidden
    const bad = complaints.filter(isFinding).filter(({ level }) => level !== 'info')
    const fatal = bad.find(({ level }) => level === 'fatal')
    if (fatal !== undefined) return fatality(this.#console, fatal, this.#causeOf(fatal))
    const worst = bad.find(({ level }) => level === 'error') ?? bad[0]
    return worst && complaint(this.#console, worst, bad.length - 1)
  }

  #judged(finding: Finding): Finding {
    const excuse = finding.excuse ?? excuseFor(finding, this.#allowed)
    return excuse === undefined ? finding : { ...finding, level: 'info', excuse }
  }

  #causeOf({ causedBy }: Finding): Finding | undefined {
    if (causedBy === undefined) return undefined
    return (
      this.#reader.soFar(causedBy) ?? this.#complaints.filter(isFinding).findLast(({ id }) => id === causedBy)
    )
  }

  #onStage({ name, boot, text }: Stage): void {
    if (boot !== this.#boot && name !== 'power') this.#events?.restarted(text)
    this.#boot = boot
  }
}

function isFinding(complaint: Finding | HilError): complaint is Finding {
  return !(complaint instanceof HilError)
}

function toEvent(board: string, finding: Finding, countedFrom: number): RunEventBody {
  const { level, kind, title, signature, kernelTime, lines, corrupted, excuse } = finding
  return {
    type: 'kernel-finding',
    board,
    ...{ level, kind, title, signature, lines },
    // A report that began before the count is in an earlier run's bytes.
    offset: Math.max(0, finding.offset - countedFrom),
    end: Math.max(0, finding.end - countedFrom),
    ...(kernelTime !== undefined && { kernelTime }),
    ...(corrupted !== undefined && { corrupted }),
    ...(excuse !== undefined && { excuse }),
  }
}
