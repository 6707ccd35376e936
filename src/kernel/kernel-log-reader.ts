import { excuseFor, type AllowRule } from './allow-list.ts'
import type { Finding } from './finding.ts'
import { ktapWords, readKtapLine, versionWord } from './ktap/ktap-line.ts'
import { KtapReader, type KtapResult } from './ktap/ktap-reader.ts'
import { readConsoleLine, type ConsoleLine } from './lines/console-line.ts'
import { Needles } from './lines/needles.ts'
import { RawLines, type RawLine } from './lines/raw-lines.ts'
import { splatTriggers } from './splats/families.ts'
import { SplatReader } from './splats/splat-reader.ts'
import { farewells, StageReader } from './stages/stage-reader.ts'
import { promptWords, stageWords } from './stages/stage-signs.ts'
import type { Stage } from './stages/stage.ts'

/** What a reader tells, each as soon as it is certain. */
export interface KernelLogEvents {
  /** A stage of the boot was reached. */
  onStage?(stage: Stage): void
  /**
   * The first line of a splat is complete: what it is and how bad. Where a function is named later in
   * the report, the title has none yet.
   */
  onFinding?(finding: Finding): void
  /** The same finding (by `id`), with its report, its function and its final title. */
  onReport?(finding: Finding): void
  /** A KTAP result of the outermost level, with all that is in it. */
  onKtap?(result: KtapResult): void
}

export interface KernelLogOptions extends KernelLogEvents {
  /** Findings that are known and accepted. @default none */
  readonly allow?: readonly AllowRule[]
  /**
   * Whether `powered` and `expectReboot` are called. Where nobody knows when the board was switched off
   * and on, as with a log from a file, another boot counts as `info`.
   * @default true
   */
  readonly knowsPower?: boolean
}

/**
 * Reads what Linux, and what runs before and right after it, says on a console, as it comes.
 *
 * One reader belongs to one console for as long as it is read: give every chunk to `push`, with the
 * time of its arrival; `powered` when power is switched on, `expectReboot` before a reset that is asked
 * for, `end` when the console is released. Offsets count the bytes given to `push`, so they are those of
 * a raw log of the same chunks. How the bytes are cut into chunks changes nothing but host times.
 *
 * To end a wait at once on a panic, fail it in `onFinding` where `level` is `fatal`; its title is
 * final for nearly all panics. While `isReading`, wait a moment for the report (`onReport`), for an oops
 * takes half a second at 115200 baud; then call `flush`. Quote `causedBy` where it is set: the oops that
 * led to the panic says more than the panic.
 *
 * An ordinary line costs one look at each of its bytes; it is decoded only when a word is in it, or
 * while a report is being read.
 */
export class KernelLogReader {
  readonly #lines: RawLines
  readonly #splats: SplatReader
  readonly #stages: StageReader
  readonly #ktap: KtapReader
  readonly #allow: readonly AllowRule[]
  #hostTimeMs = 0
  /** Of the last line of this boot that had a time. */
  #kernelTime: number | undefined
  /**
   * Whether the kernel's lines end with CR LF, as on every serial console. Where the terminal adds no CR
   * to what programs print (`stty -onlcr`), that tells an old log that one of them shows.
   */
  #hasReturns = false
  /** How many more lines are looked at to learn whether they have times. */
  #samples = enoughSamples

  constructor(options: KernelLogOptions = {}) {
    this.#allow = options.allow ?? []
    this.#splats = new SplatReader({
      found: (finding) => {
        if (finding.level === 'fatal') this.#stages.expectReboot()
        options.onFinding?.(this.#judged(finding))
      },
      reported: (finding) => options.onReport?.(this.#judged(finding)),
    })
    this.#stages = new StageReader({
      reached: (stage) => options.onStage?.(stage),
      rebooted: (line, isSilent) => {
        this.#newBoot()
        const excuse = options.knowsPower === false ? powerUnknown : undefined
        if (isSilent) this.#splats.note(line, silentReset, excuse)
      },
    })
    this.#ktap = new KtapReader({ result: (result) => options.onKtap?.(result) })
    this.#lines = new RawLines(sharedNeedles(), promptWords, {
      wantsEveryLine: () => this.#wantsEveryLine(),
      line: (line) => this.#line(line),
      beginning: (line) => this.#beginning(line),
    })
  }

  /** How many bytes have been read. */
  get received(): number {
    return this.#lines.received
  }

  /** Whether a report is under way: its end is told by `onReport`. */
  get isReading(): boolean {
    return this.#splats.isReading
  }

  /** @param chunk bytes of the console, or text @param hostTimeMs when it came, on any clock */
  push(chunk: Uint8Array | string, hostTimeMs = 0): void {
    this.#hostTimeMs = hostTimeMs
    this.#lines.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk, hostTimeMs)
  }

  /** Bytes may be missing between those before and those after. */
  interrupted(): void {
    this.#lines.breakLine()
  }

  /** The board gets power now: another boot begins, and it is no surprise. */
  powered(hostTimeMs: number): void {
    this.#lines.breakLine()
    this.#newBoot()
    this.#stages.powered(hostTimeMs, this.#lines.received, this.#lines.lineNumber)
  }

  /** The kernel is known to run although nothing of its start was seen: a board that was found so. */
  runs(): void {
    this.#stages.runs()
  }

  /** What is known by now of a finding that was told, if it is the last one or its report is under way. */
  soFar(id: number): Finding | undefined {
    const finding = this.#splats.soFar(id)
    return finding && this.#judged(finding)
  }

  /** The board is told to reset: the next boot is no surprise. */
  expectReboot(): void {
    this.#stages.expectReboot()
  }

  /**
   * Ends the reports that are under way, for nothing has come for a while. Where more comes nonetheless,
   * it is no finding of its own.
   */
  flush(): void {
    this.#splats.flush()
  }

  /** No more bytes come. */
  end(): void {
    this.#lines.breakLine()
    this.#newBoot()
  }

  #newBoot(): void {
    this.#splats.newBoot()
    this.#ktap.end({
      hostTimeMs: this.#hostTimeMs,
      kernelTime: this.#kernelTime,
      offset: this.#lines.received,
      number: this.#lines.lineNumber,
    })
    this.#kernelTime = undefined
    this.#samples = enoughSamples
  }

  #wantsEveryLine(): boolean {
    return (
      this.#splats.isReading ||
      this.#stages.wantsEveryLine ||
      (this.#kernelTime === undefined && this.#samples > 0)
    )
  }

  #line(raw: RawLine): void {
    const line = readConsoleLine(raw)
    this.#samples--
    if (this.#kernelTime === undefined && line.kernelTime !== undefined) {
      this.#hasReturns = line.ending === '\r\n'
    }
    this.#kernelTime = line.kernelTime ?? this.#kernelTime
    const found = wordsOf(line)
    if (found.stage.length > 0 || this.#stages.wantsEveryLine) this.#stages.line(line, found.stage)
    if (found.splat.length > 0 || this.#splats.isReading) {
      this.#splats.line(line, found.splat, this.#whyOfProgram(line))
    }
    if (found.ktap.length > 0 && (this.#ktap.isReading || found.ktap.includes(versionWord))) {
      this.#ktap.line(line)
    }
  }

  /** Why a line can't be the kernel's own; `undefined` where it may be. A garbled one is given the benefit. */
  #whyOfProgram(line: ConsoleLine): string | undefined {
    if (this.#kernelTime === undefined) return undefined
    if (line.kernelTime === undefined) return /^[<[] {0,8}\d/.test(line.text) ? undefined : programs.time
    return this.#hasReturns && line.ending === '\n' ? programs.lineEnd : undefined
  }

  #beginning(raw: RawLine): void {
    const line = readConsoleLine(raw)
    // `# ` and `not ok 2 two # ` begin as prompts do.
    if (this.#ktap.isReading && readKtapLine(line.text) !== undefined) return
    this.#stages.prompt(line, wordsOf(line).stage)
  }

  #judged(finding: Finding): Finding {
    const excuse = finding.excuse ?? excuseFor(finding, this.#allow)
    return excuse === undefined ? finding : { ...finding, level: 'info', excuse }
  }
}

const enoughSamples = 200
const programs = {
  time: 'printed by a program: the kernel puts a time before its lines',
  lineEnd: 'shown by a program: the kernel ends its lines with CR LF',
} as const
const powerUnknown = 'the board may have been switched off and on'
const silentReset = { kind: 'reset', level: 'fatal', title: 'unexpected kernel reboot' } as const

const words = {
  splat: new Set(splatTriggers),
  stage: new Set([...stageWords, ...farewells]),
  ktap: new Set<string>(ktapWords),
}

/** Built when the first console is read: it takes some milliseconds. */
function sharedNeedles(): Needles {
  needles ??= new Needles([...new Set([...words.splat, ...words.stage, ...words.ktap])])
  return needles
}
let needles: Needles | undefined

function wordsOf(line: ConsoleLine): Record<keyof typeof words, readonly string[]> {
  const found = [...new Set(line.found)].map((index) => sharedNeedles().words[index] ?? '')
  return {
    splat: found.filter((word) => words.splat.has(word)),
    stage: found.filter((word) => words.stage.has(word)),
    ktap: found.filter((word) => words.ktap.has(word)),
  }
}
