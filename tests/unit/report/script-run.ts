import type { SerializedError } from '../../../src/core/errors.ts'
import {
  eventsVersion,
  type RunEvent,
  type RunEventBody,
  type TestIdentity,
} from '../../../src/core/events.ts'
import type { Verdict } from '../../../src/core/verdicts.ts'
import type { Reporter } from '../../../src/report/reporter.ts'
import { ReporterMultiplexer, type ReporterFailure } from '../../../src/report/multiplexer.ts'
import type { RunRecord } from '../../../src/report/run-record.ts'
import { RunRecorder } from '../../../src/report/run-recorder.ts'

/** Writes down the events of a run that never was, as `hil run` would emit them. */
export class ScriptedRun {
  readonly events: RunEvent[] = []
  #t = 0
  #passed = 0
  #failed = 0

  constructor({ boards = ['sim'], specs = ['tests/boot.spec.ts'] } = {}) {
    this.emit({
      type: 'run-started',
      eventsVersion,
      startedAt: '2026-01-02T03:04:05.000Z',
      runId: 'run-1',
      argv: ['hil', 'run', ...specs],
      environmentFile: '/bench/env/sim.yaml',
      specs,
      boards,
      versions: { hil: '0.1.0', node: '20.0.0' },
    })
  }

  /** Lets time pass. */
  wait(ms: number): this {
    this.#t += ms
    return this
  }

  emit(...bodies: readonly RunEventBody[]): this {
    this.events.push(...bodies.map((body) => ({ t: this.#t, ...body })))
    return this
  }

  take(board = 'sim'): this {
    return this.emit({
      type: 'board-taken',
      board,
      facts: { architecture: 'arm64', compatible: ['acme,board'] },
      versions: { simulator: '1' },
    })
  }

  enter(from: string, to: string, durationMs: number, board = 'sim'): this {
    this.emit({ type: 'state-entering', board, from, to, attempt: 1, budgetMs: 30_000 })
    return this.wait(durationMs).emit({ type: 'state-entered', board, from, to, durationMs, by: 'edge' })
  }

  receive(text: string, board = 'sim'): this {
    return this.emit({ type: 'console-rx', board, text })
  }

  send(text: string, board = 'sim'): this {
    return this.emit({ type: 'console-tx', board, text })
  }

  load(...tests: readonly TestIdentity[]): this {
    const [first] = tests
    return first === undefined
      ? this
      : this.emit({ type: 'spec-loaded', file: first.file, boards: first.boards, tests })
  }

  start(test: TestIdentity, attempt = 1): this {
    return this.emit({ type: 'test-started', attempt, ...test })
  }

  pass(test: TestIdentity, { attempt = 1, verdict }: { attempt?: number; verdict?: Verdict } = {}): this {
    this.#passed++
    return this.emit({
      type: 'test-ended',
      id: test.id,
      attempt,
      outcome: 'passed',
      ...(verdict === undefined ? {} : { verdict }),
      durationMs: 12,
      console: {},
      willRetry: false,
    })
  }

  fail(test: TestIdentity, error: SerializedError, { attempt = 1, willRetry = false } = {}): this {
    if (!willRetry) this.#failed++
    const console = Object.fromEntries(test.boards.map((board) => [board, [0, 1] as const]))
    return this.emit({
      type: 'test-ended',
      id: test.id,
      attempt,
      outcome: 'failed',
      durationMs: 34,
      error,
      console,
      willRetry,
    })
  }

  skip(test: TestIdentity, reason?: string): this {
    return this.emit({
      type: 'test-ended',
      id: test.id,
      attempt: 1,
      outcome: 'skipped',
      ...(reason === undefined ? {} : { reason }),
      durationMs: 0,
      console: {},
      willRetry: false,
    })
  }

  finish(verdict: Verdict = 'passed', more: Partial<RunEvent & { type: 'run-finished' }> = {}): this {
    for (const board of this.boards) this.emit({ type: 'board-released', board, power: 'off', failures: [] })
    return this.emit({
      type: 'run-finished',
      verdict,
      exitCode: verdict === 'passed' ? 0 : 1,
      counts: { passed: this.#passed, failed: this.#failed, skipped: 0, flaky: 0 },
      durationMs: this.#t,
      ...more,
    })
  }

  get boards(): readonly string[] {
    const [first] = this.events
    return first?.type === 'run-started' ? first.boards : []
  }

  get record(): RunRecord {
    const recorder = new RunRecorder()
    for (const event of this.events) recorder.add(event)
    return recorder.record
  }

  /** Plays the events to reporters. */
  async play(...reporters: readonly Reporter[]): Promise<readonly ReporterFailure[]> {
    const multiplexer = new ReporterMultiplexer(reporters)
    for (const event of this.events) multiplexer.event(event)
    return multiplexer.end()
  }
}

let lastId = 0

/** @param titles those of the suites, then the test's own */
export function makeTest(
  titles: readonly string[],
  { file = 'tests/boot.spec.ts', boards = ['sim'] }: { file?: string; boards?: readonly string[] } = {},
): TestIdentity {
  return { id: `test-${++lastId}`, file, boards, titles }
}

/** An assertion that failed in `tests/boot.spec.ts`, as it comes from a worker. */
export const assertionError: SerializedError = {
  name: 'AssertionError',
  message: 'Expected values to be strictly equal:\n\n1 !== 2\n',
  stack: 'AssertionError: 1 !== 2\n    at Context.<anonymous> (file:///bench/tests/boot.spec.ts:9:12)',
  expected: '2',
  actual: '1',
}

/** A prompt that never came. */
export const timeoutError: SerializedError = {
  name: 'HilError',
  message: 'no prompt within 10 s',
  code: 'console.timeout',
  blame: 'board',
  details: {
    chain: [
      { label: 'run', budgetMs: 300_000, elapsedMs: 12_000 },
      { label: 'enter shell', budgetMs: 10_000, elapsedMs: 10_000 },
    ],
  },
}
