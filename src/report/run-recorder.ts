import type {
  CommandRan,
  OtherConsoleEvent,
  RunEvent,
  StateEntered,
  StateFailed,
  StepEnded,
  StepStarted,
  TestEnded,
  TestIdentity,
  TestStarted,
} from '../core/events.ts'
import { consoleName } from '../core/console-events.ts'
import { BoardState } from './board-state.ts'
import type { ConsoleLine } from './console-text.ts'
import { OtherConsoleState } from './other-console-state.ts'
import type { AttemptRecord, Part, RunRecord, SpecRecord, StepRecord, TestRecord } from './run-record.ts'

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

/** Puts events together into a `RunRecord`, one by one; what an event says of an unknown thing creates it. */
export class RunRecorder {
  readonly #boards = new Map<string, BoardState>()
  readonly #otherConsoles = new Map<string, OtherConsoleState>()
  readonly #specs = new Map<string, Mutable<SpecRecord> & { tests: TestRecord[] }>()
  readonly #tests = new Map<string, TestState>()
  readonly #steps = new Map<string, StepState>()
  readonly #notes: Mutable<RunRecord['notes'][number]>[] = []
  readonly #record: Mutable<RunRecord> = {
    started: undefined,
    finished: undefined,
    environment: undefined,
    t: 0,
    boards: [],
    otherConsoles: [],
    specs: [],
    notes: this.#notes,
  }

  /** The same object all the time; it grows with the events. */
  get record(): RunRecord {
    return this.#record
  }

  add(event: RunEvent): void {
    this.#record.t = event.t
    switch (event.type) {
      case 'run-started':
        this.#record.started = event
        for (const board of event.boards) this.#board(board)
        break
      case 'environment':
        this.#record.environment = event.yaml
        break
      case 'board-taken':
        Object.assign(this.#board(event.board).record, { facts: event.facts, versions: event.versions })
        break
      case 'power':
        this.#board(event.board).record.power = event.ok ? event.action : 'unknown'
        break
      case 'state-entering':
        Object.assign(this.#board(event.board).record, {
          state: 'unknown',
          entering: { to: event.to, since: event.t, budgetMs: event.budgetMs },
        })
        break
      case 'state-entered':
      case 'state-failed':
        this.#addTransition(event)
        break
      case 'step-started':
        this.#startStep(event)
        break
      case 'step-ended':
        this.#endStep(event)
        break
      case 'command':
        this.#addCommand(event)
        break
      case 'console-rx':
        this.#board(event.board).receive(event)
        break
      case 'console-closed':
        this.#board(event.board).record.closed = event.reason
        break
      case 'other-console':
        this.#otherConsole(event).add({ t: event.t, ...event.event })
        break
      case 'console-handed':
        this.#keepLastLines(event.board)
        break
      case 'boot-proof': {
        const { type: _, board, t: at, ...proof } = event
        this.#board(board).record.boots.push({ at, ...proof })
        break
      }
      case 'kernel-finding': {
        const { type: _, board, t: at, ...finding } = event
        this.#board(board).record.findings.push({ at, ...finding })
        break
      }
      case 'kernel-sources': {
        const { findings } = this.#board(event.board).record
        const at = findings.findIndex(({ offset }) => offset === event.offset)
        const finding = findings[at]
        if (finding !== undefined) findings[at] = { ...finding, sources: event.sources }
        break
      }
      case 'spec-loaded':
        for (const test of event.tests) this.#test(test)
        break
      case 'test-started':
        this.#startTest(event)
        break
      case 'test-ended':
        this.#endTest(event)
        break
      case 'test-past': {
        const { type: _, t: _t, id, ...past } = event
        const test = this.#tests.get(id)
        if (test !== undefined) test.record.past = past
        break
      }
      case 'spec-output':
        this.#addOutput(event.text, event.test)
        break
      case 'note':
        this.#notes.push(event)
        break
      case 'board-released':
        Object.assign(this.#board(event.board).record, { power: event.power, released: event })
        break
      case 'run-finished':
        this.#record.finished = event
        break
      case 'transfer-progress':
        this.#board(event.board).record.transfer = event.isOver ? undefined : event
        break
      case 'console-back':
      case 'console-break':
      case 'console-lost':
      case 'console-tx':
      case 'file-fetched':
        break
    }
  }

  #board(name: string): BoardState {
    let board = this.#boards.get(name)
    if (board === undefined) {
      board = new BoardState(name)
      this.#boards.set(name, board)
      this.#record.boards = [...this.#boards.values()].map(({ record }) => record)
    }
    return board
  }

  #otherConsole({ board, console }: OtherConsoleEvent): OtherConsoleState {
    const name = consoleName(board, console)
    let state = this.#otherConsoles.get(name)
    if (state === undefined) {
      state = new OtherConsoleState(board, name)
      this.#otherConsoles.set(name, state)
      this.#record.otherConsoles = [...this.#otherConsoles.values()].map(({ record }) => record)
    }
    return state
  }

  #test(identity: TestIdentity): TestState {
    let test = this.#tests.get(identity.id)
    if (test === undefined) {
      const { id, file, boards, titles } = identity
      test = { record: { identity: { id, file, boards, titles }, attempts: [] }, openSteps: [] }
      this.#tests.set(id, test)
      this.#spec(identity).tests.push(test.record)
    }
    return test
  }

  #spec({ file, boards }: TestIdentity) {
    const key = [file, ...boards].join('\0')
    let spec = this.#specs.get(key)
    if (spec === undefined) {
      spec = { file, boards, tests: [] }
      this.#specs.set(key, spec)
      this.#record.specs = [...this.#specs.values()]
    }
    return spec
  }

  #startTest(event: RunEvent & TestStarted): void {
    const test = this.#test(event)
    test.openSteps = []
    test.record.attempts.push(emptyAttempt(event.attempt, event.t))
    for (const board of event.boards) this.#board(board).record.test = test.record.identity
  }

  #endTest({ t, ...ended }: RunEvent & TestEnded): void {
    const test = this.#tests.get(ended.id)
    if (test === undefined) return
    const { identity, attempts } = test.record
    const last = attempts.at(-1)
    const attempt = last === undefined || last.ended !== undefined ? emptyAttempt(ended.attempt, t) : last
    if (attempt !== last) attempts.push(attempt)
    attempt.ended = ended
    for (const name of identity.boards) {
      const board = this.#board(name)
      if (ended.outcome === 'failed') this.#quote(attempt, name)
      if (board.record.test === identity) board.record.test = undefined
    }
  }

  /** Of a test that failed, before a person types. */
  #keepLastLines(name: string): void {
    const attempt = this.#testOf(name)?.record.attempts.at(-1)
    if (attempt !== undefined) this.#quote(attempt, name)
  }

  /** The main console, and what has been said since on the others. */
  #quote(attempt: MutableAttempt, board: string): void {
    attempt.lastLines[board] ??= this.#board(board).record.lastLines
    for (const { record } of this.#otherConsoles.values()) {
      const said = record.lastLines.filter(({ t }) => t >= attempt.at)
      if (record.board === board && said.length > 0) attempt.lastLines[record.name] ??= said
    }
  }

  #addTransition(event: RunEvent & (StateEntered | StateFailed)): void {
    const board = this.#board(event.board).record
    const entered = event.type === 'state-entered'
    board.state = entered ? event.to : 'unknown'
    board.entering = undefined
    const { from, to, durationMs } = event
    const transition = {
      kind: 'transition' as const,
      board: event.board,
      from,
      to,
      durationMs,
      at: event.t - durationMs,
      attempt: entered ? 1 : event.attempt,
      by: entered ? event.by : ('edge' as const),
      ...(entered ? {} : { error: event.error, willRetry: event.willRetry }),
    }
    board.transitions.push(transition)
    this.#partsOf(event.board)?.push(transition)
  }

  #addCommand({ t, type: kind, ...command }: RunEvent & CommandRan): void {
    this.#partsOf(command.board)?.push({ kind, at: t - command.durationMs, ...command })
  }

  #startStep({ t, type: _, test: testId, parent, ...step }: RunEvent & StepStarted): void {
    const test = testId === undefined ? this.#testOf(step.board) : this.#tests.get(testId)
    const record = { kind: 'step' as const, ...step, at: t, parts: [] }
    const parts =
      (parent === undefined ? undefined : this.#steps.get(parent)?.record.parts) ??
      test?.record.attempts.at(-1)?.parts
    parts?.push(record)
    this.#steps.set(step.id, { record, test })
    test?.openSteps.push(record)
  }

  #endStep({ id, durationMs, error }: StepEnded): void {
    const step = this.#steps.get(id)
    if (step === undefined) return
    Object.assign(step.record, { durationMs, ...(error === undefined ? {} : { error }) })
    if (step.test !== undefined)
      step.test.openSteps = step.test.openSteps.filter(({ id: open }) => open !== id)
  }

  /** Where something that happened on a board belongs: the innermost open step of its test. */
  #partsOf(board: string): Part[] | undefined {
    const test = this.#testOf(board)
    const step = test?.openSteps.findLast(({ board: owner }) => owner === undefined || owner === board)
    return step?.parts ?? test?.record.attempts.at(-1)?.parts
  }

  #testOf(board: string | undefined): TestState | undefined {
    const identity = board === undefined ? undefined : this.#board(board).record.test
    return identity === undefined ? undefined : this.#tests.get(identity.id)
  }

  #addOutput(text: string, testId: string | undefined): void {
    const attempt = testId === undefined ? undefined : this.#tests.get(testId)?.record.attempts.at(-1)
    if (attempt !== undefined) attempt.output += text
  }
}

type MutableStep = Mutable<StepRecord> & { parts: Part[] }
type MutableAttempt = Mutable<AttemptRecord> & {
  parts: Part[]
  lastLines: Record<string, readonly ConsoleLine[]>
}

interface TestState {
  readonly record: Pick<Mutable<TestRecord>, 'identity' | 'past'> & { readonly attempts: MutableAttempt[] }
  openSteps: MutableStep[]
}

interface StepState {
  readonly record: MutableStep
  readonly test: TestState | undefined
}

function emptyAttempt(attempt: number, at: number): MutableAttempt {
  return { attempt, at, parts: [], output: '', lastLines: {} }
}
