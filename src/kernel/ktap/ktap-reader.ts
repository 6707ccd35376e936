import type { ConsoleLine } from '../lines/console-line.ts'
import { readKtapLine, type KtapLine, type KtapStatus } from './ktap-line.ts'

/** A test, or a suite of them. */
export interface KtapResult {
  /** The suites it is in, the outermost first; each by name, or by number where it has none. */
  readonly path: readonly string[]
  readonly name: string
  readonly number: number | undefined
  readonly status: KtapStatus
  /** What follows `#` in the result, or why there is none. */
  readonly note: string
  /** Lines that tell of it and came before its result, no more than 100. */
  readonly diagnostics: readonly string[]
  readonly hostTimeMs: number
  readonly kernelTime: number | undefined
  /** Where its line begins on the console, counted from 0. */
  readonly offset: number
  readonly line: number
  readonly children: readonly KtapResult[]
}

export interface KtapEvents {
  /** A whole test of the outermost level, everything in it included. */
  result(result: KtapResult): void
}

const maximumDiagnostics = 100
/** Results kept of one level; more are counted in the note of their parent. */
const maximumResults = 20_000

interface Level {
  readonly indent: number
  /** From `# Subtest: name`, which comes before the tests in it. */
  name: string | undefined
  plan: number | undefined
  readonly results: KtapResult[]
  diagnostics: string[]
}

/**
 * Reads KTAP (kselftest, KUnit) from among whatever else the console says: lines that are none are
 * passed over. A parent's result comes after its children's. What is missing at the end counts as
 * `error`: the test crashed.
 */
export class KtapReader {
  readonly #events: KtapEvents
  #levels: Level[] = []

  constructor(events: KtapEvents) {
    this.#events = events
  }

  /** Whether a document is under way: before its version line nothing is KTAP. */
  get isReading(): boolean {
    return this.#levels.length > 0
  }

  line(line: ConsoleLine): void {
    const read = readKtapLine(line.message)
    if (read === undefined) return
    if (read.line.type === 'version') this.#open(read.indent, line)
    else if (this.isReading) this.#take(read.indent, read.line, line)
  }

  /** No more lines come, or another boot begins. @param at what came last */
  end(at: Pick<ConsoleLine, 'hostTimeMs' | 'kernelTime' | 'offset' | 'number'>): void {
    while (this.#levels.length > 0) this.#abandon(at)
  }

  #open(indent: number, line: ConsoleLine): void {
    if (indent === 0) this.end(line)
    // A second version line of the same suite: KUnit prints it, then `# Subtest`.
    const top = this.#levels.at(-1)
    if (top !== undefined && top.indent >= indent && top.results.length === 0 && top.plan === undefined)
      return
    this.#levels.push(newLevel(indent))
  }

  #take(indent: number, ktap: KtapLine, line: ConsoleLine): void {
    this.#findLevel(indent, ktap)
    const level = this.#levels.at(-1)
    if (level === undefined) return
    switch (ktap.type) {
      case 'plan':
        level.plan ??= ktap.count
        break
      case 'subtest':
        level.name = ktap.name
        break
      case 'diagnostic':
        if (level.diagnostics.length < maximumDiagnostics) level.diagnostics.push(ktap.text)
        break
      case 'bail-out':
        level.plan ??= level.results.length + 1
        level.diagnostics.push(`Bail out! ${ktap.text}`)
        this.end(line)
        break
      case 'result':
        this.#finish(indent, ktap, line)
        break
      case 'version':
        break
    }
  }

  /** A deeper line than the last begins a level of its own where no version line did (old KUnit, TAP 13). */
  #findLevel(indent: number, ktap: KtapLine): void {
    const top = this.#levels.at(-1)
    if (top === undefined || indent <= top.indent) return
    if (ktap.type === 'subtest' || ktap.type === 'plan') this.#levels.push(newLevel(indent))
  }

  #finish(indent: number, ktap: KtapLine & { type: 'result' }, line: ConsoleLine): void {
    const inner = this.#closeInner(indent)
    const level = this.#levels.at(-1)
    if (level === undefined) return
    const missing = inner === undefined ? [] : missingResults(inner, line)
    const children = [...(inner?.results ?? []), ...missing]
    const diagnostics = [...(inner?.diagnostics ?? []), ...level.diagnostics].slice(0, maximumDiagnostics)
    level.diagnostics = []
    const result: KtapResult = {
      path: [],
      name: ktap.name === '' ? (inner?.name ?? '') : ktap.name,
      number: ktap.number,
      // A parent fails where one of its children does, whatever it says itself.
      status: ktap.status === 'passed' && children.some(hasFailed) ? 'failed' : ktap.status,
      note: ktap.note,
      diagnostics,
      ...placeOf(line),
      children,
    }
    this.#add(level, result)
  }

  /** Levels deeper than this line are complete. @returns the outermost of them, the others in it */
  #closeInner(indent: number): Level | undefined {
    let inner: Level | undefined
    while (this.#levels.length > 1 && (this.#levels.at(-1)?.indent ?? 0) > indent) {
      const closed = this.#levels.pop()
      if (closed === undefined) break
      if (inner !== undefined) closed.results.push(...inner.results)
      inner = closed
    }
    return inner
  }

  #add(level: Level, result: KtapResult): void {
    if (level.results.length < maximumResults) level.results.push(result)
    if (this.#levels.length === 1) {
      this.#events.result(withPath(result, level.name === undefined ? [] : [level.name]))
    }
  }

  /** The innermost level ends without its parent's result. */
  #abandon(at: Place): void {
    const level = this.#levels.pop()
    if (level === undefined) return
    const parent = this.#levels.at(-1)
    if (parent === undefined) {
      for (const missing of missingResults(level, at)) this.#events.result(withPath(missing, []))
      return
    }
    this.#add(parent, {
      path: [],
      name: level.name ?? '',
      number: parent.results.length + 1,
      status: 'error',
      note: 'no result: the test ended early',
      diagnostics: level.diagnostics,
      ...placeOf(at),
      children: [...level.results, ...missingResults(level, at)],
    })
  }
}

type Place = Pick<ConsoleLine, 'hostTimeMs' | 'kernelTime' | 'offset' | 'number'>

function newLevel(indent: number): Level {
  return { indent, name: undefined, plan: undefined, results: [], diagnostics: [] }
}

function hasFailed({ status }: KtapResult): boolean {
  return status === 'failed' || status === 'timeout' || status === 'error'
}

/** What the plan promised and did not come, as one result. */
function missingResults(level: Level, at: Place): readonly KtapResult[] {
  const missing = (level.plan ?? level.results.length) - level.results.length
  if (missing <= 0) return []
  const [diagnostics, number] = [level.diagnostics, level.results.length + 1]
  const note = `no result: ${missing} of ${level.plan} planned tests did not report`
  return [{ path: [], name: '', number, status: 'error', note, diagnostics, ...placeOf(at), children: [] }]
}

function placeOf({ hostTimeMs, kernelTime, offset, number }: Place) {
  return { hostTimeMs, kernelTime, offset, line: number }
}

function withPath(result: KtapResult, path: readonly string[]): KtapResult {
  const own = [...path, result.name === '' ? String(result.number ?? '') : result.name]
  return { ...result, path, children: result.children.map((child) => withPath(child, own)) }
}
