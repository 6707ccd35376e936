import { consoleName } from '../../core/console-events.ts'
import { findingsSinceVersion, type KernelSource, type RunEvent } from '../../core/events.ts'
import { formatDuration } from '../../core/duration.ts'
import type { FileFetch } from '../../core/file-fetch.ts'
import { KernelLogReader } from '../../kernel/kernel-log-reader.ts'
import { verdictOf } from '../../core/verdicts.ts'
import { ConsoleRecording } from './console-recording.ts'
import { Arrivals } from './arrivals.ts'
import type { Mark, PowerChange, Span, StageReached, StateSpan, TestSpan } from './page-data.ts'

export interface BoardTimeline {
  readonly name: string
  readonly console: ConsoleRecording
  readonly power: readonly PowerChange[]
  readonly states: readonly StateSpan[]
  readonly tests: readonly (TestSpan & { readonly id: string })[]
  readonly fetches: readonly (FileFetch & { readonly t: number })[]
  /** What its kernel complained about, in the order of the console. */
  readonly findings: readonly FoundInKernel[]
  readonly stages: readonly StageReached[]
}

/** Something the kernel complained about; `info` is what was allowed, or is only told. */
export interface FoundInKernel extends Omit<Mark, 'level'> {
  readonly board: string
  readonly level: Mark['level'] | 'info'
  /** When its last byte came. */
  readonly until: number
  readonly lines: readonly string[]
  /** Where its lines are in the sources, where that was found. */
  readonly sources?: readonly KernelSource[]
  readonly corrupted: string | undefined
  readonly excuse: string | undefined
}

type Writable<T> = {
  -readonly [Key in keyof T]: T[Key] extends readonly (infer Item)[] ? Item[] : T[Key]
}

/** When everything happened: what the time axis and the replay of a report need beyond a `RunRecord`. */
export class RunTimeline {
  readonly #boards = new Map<string, Writable<BoardTimeline>>()
  readonly #running = new Map<
    string,
    { from: number; attempt: number; title: string; boards: readonly string[] }
  >()
  readonly #state = new Map<string, { since: number; label: string }>()
  readonly #readers = new Map<string, KernelLogReader>()
  readonly #arrivals = new Map<string, Arrivals>()
  /** Whether the events tell what the kernel complained about; else it is read from the console. */
  #isTold = false
  #t = 0

  add(event: RunEvent): void {
    this.#t = event.t
    switch (event.type) {
      case 'run-started':
        event.boards.forEach((board) => this.#board(board))
        this.#isTold = event.eventsVersion >= findingsSinceVersion
        break
      case 'power':
        this.#board(event.board).power.push({ t: event.t, power: event.ok ? event.action : 'unknown' })
        if (event.action === 'on') this.#reader(event.board).powered(event.t)
        break
      case 'board-released':
        this.#endState(event.board, event.t)
        this.#board(event.board).power.push({ t: event.t, power: event.power })
        break
      case 'state-entering':
        this.#endState(event.board, event.t)
        this.#state.set(event.board, { since: event.t, label: `→ ${event.to}` })
        break
      case 'state-entered':
        this.#endState(event.board, event.t)
        this.#state.set(event.board, { since: event.t, label: event.to })
        break
      case 'state-failed':
        this.#endState(event.board, event.t, 'failed')
        break
      case 'test-started':
        this.#running.set(event.id, {
          from: event.t,
          attempt: event.attempt,
          title: event.titles.at(-1) ?? '',
          boards: event.boards,
        })
        break
      case 'test-ended':
        this.#endTest(event.id, event.t, outcomeOf(event))
        break
      case 'other-console': {
        // A console as if it were a board of its own: with nothing but what is said on it.
        const board = consoleName(event.board, event.console)
        this.add({ t: event.t, board, ...event.event })
        break
      }
      case 'console-rx':
        this.#board(event.board).console.received(event, event.t)
        this.#receive(event)
        break
      case 'console-tx':
        this.#board(event.board).console.sent(event, event.t)
        break
      case 'console-break':
        this.#board(event.board).console.note('a break was sent', event.t)
        break
      case 'console-lost':
        this.#board(event.board).console.note(`the console is away: ${event.reason}`, event.t)
        break
      case 'console-back':
        this.#board(event.board).console.note(
          `the console is back after ${formatDuration(event.awayMs)}; what was said meanwhile may be missing`,
          event.t,
        )
        break
      case 'console-closed':
        this.#board(event.board).console.note(`the console was closed: ${event.reason}`, event.t)
        break
      case 'kernel-finding':
        if (this.#isTold) this.#addFinding(event)
        break
      case 'kernel-sources': {
        const { findings } = this.#board(event.board)
        const index = findings.findIndex(({ from }) => from === event.offset)
        const finding = findings[index]
        if (finding !== undefined) findings[index] = { ...finding, sources: event.sources }
        break
      }
      case 'file-fetched':
        this.#board(event.board).fetches.push(event)
        break
      case 'run-finished':
        for (const reader of this.#readers.values()) reader.end()
        break
      default:
        break
    }
  }

  /** When the last event came. */
  get end(): number {
    return this.#t
  }

  /** All boards; what had no end yet ends with the last event. */
  get boards(): readonly BoardTimeline[] {
    return [...this.#boards.values()].map((board) => {
      const open = this.#state.get(board.name)
      return {
        ...board,
        states: open === undefined ? board.states : [...board.states, toStateSpan(open, this.#t)],
        findings: board.findings.toSorted((one, other) => one.from - other.from),
      }
    })
  }

  /** From the start of a test's attempt, its way to the state included, to its end. */
  spanOf(id: string, attempt: number): Span | undefined {
    for (const { tests } of this.#boards.values()) {
      const found = tests.find((span) => span.id === id && span.attempt === attempt)
      if (found !== undefined) return found
    }
    return undefined
  }

  #board(name: string): Writable<BoardTimeline> {
    let board = this.#boards.get(name)
    if (board === undefined) {
      board = {
        name,
        console: new ConsoleRecording(),
        power: [],
        states: [],
        tests: [],
        fetches: [],
        findings: [],
        stages: [],
      }
      this.#boards.set(name, board)
    }
    return board
  }

  #receive({ board, t, text, base64 }: RunEvent & { type: 'console-rx' }): void {
    const bytes = text === undefined ? Buffer.from(base64, 'base64') : Buffer.from(text)
    this.#arrivalsOf(board).add(bytes.length, t)
    this.#reader(board).push(bytes, t)
  }

  #arrivalsOf(board: string): Arrivals {
    const arrivals = this.#arrivals.get(board) ?? new Arrivals()
    this.#arrivals.set(board, arrivals)
    return arrivals
  }

  #addFinding(event: RunEvent & { type: 'kernel-finding' }): void {
    const { board, level, title, offset: from, end: to, lines, corrupted, excuse } = event
    const arrivals = this.#arrivalsOf(board)
    const [t, until] = [arrivals.timeOf(from), arrivals.timeOf(Math.max(from, to - 1))]
    this.#board(board).findings.push({ board, t, until, level, title, from, to, lines, corrupted, excuse })
  }

  /** What reads the stages of boots on a console; they stand in the events as bytes only. */
  #reader(board: string): KernelLogReader {
    let reader = this.#readers.get(board)
    if (reader === undefined) {
      const { findings, stages } = this.#board(board)
      reader = new KernelLogReader({
        onStage({ name, hostTimeMs }) {
          stages.push({ name, t: hostTimeMs })
        },
        onReport: ({ level, title, hostTimeMs: t, offset: from, end: to, lines, corrupted, excuse }) => {
          if (this.#isTold) return
          const until = this.#arrivalsOf(board).timeOf(to - 1)
          findings.push({ board, t, until, level, title, from, to, lines, corrupted, excuse })
        },
      })
      this.#readers.set(board, reader)
    }
    return reader
  }

  #endState(board: string, t: number, failed?: 'failed'): void {
    const open = this.#state.get(board)
    this.#state.delete(board)
    if (open === undefined) return
    const span = toStateSpan(open, t)
    this.#board(board).states.push(failed === undefined ? span : { ...span, kind: failed })
  }

  #endTest(id: string, to: number, outcome: string): void {
    const test = this.#running.get(id)
    this.#running.delete(id)
    if (test === undefined) return
    const { from, attempt, title } = test
    for (const board of test.boards) this.#board(board).tests.push({ id, attempt, title, outcome, from, to })
  }
}

function toStateSpan({ since, label }: { since: number; label: string }, to: number): StateSpan {
  return { from: since, to, label, kind: label.startsWith('→ ') ? 'way' : 'state' }
}

function outcomeOf({ outcome, verdict, error }: RunEvent & { type: 'test-ended' }): string {
  if (outcome === 'failed') return verdict ?? verdictOf(error?.blame ?? 'test')
  return outcome === 'passed' ? (verdict ?? 'passed') : outcome
}
