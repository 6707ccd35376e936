import type { Blame } from '../core/errors.ts'
import type { Verdict } from '../core/verdicts.ts'

/** What history keeps of a run: plain data. Times of day in milliseconds since 1970, durations in milliseconds. */
export interface RunResult {
  readonly id: string
  readonly startedAt: number
  readonly durationMs: number
  /** `undefined` for a run that did not come to its end. */
  readonly verdict: Verdict | undefined
  readonly interruptedBy: string | undefined
  /** File name of the environment. */
  readonly environment: string
  /** Where its report lies, as it was called when it was imported. */
  readonly directory: string
  readonly hil: string | undefined
  readonly boards: readonly BoardOfRun[]
  readonly tests: readonly TestResult[]
  readonly boots: readonly BootResult[]
  readonly findings: readonly FindingResult[]
  readonly errors: readonly ErrorResult[]
}

export interface BoardOfRun {
  readonly name: string
  readonly architecture: string | undefined
}

export interface TestResult {
  readonly file: string
  readonly title: string
  /** The boards that the test holds together, as one name. */
  readonly board: string
  readonly outcome: 'passed' | 'failed' | 'skipped' | 'flaky' | 'not run' | 'unfinished'
  readonly verdict: Verdict | undefined
  readonly attempts: number
  readonly durationMs: number
  readonly error: string | undefined
}

export interface BootResult {
  readonly board: string
  /** Which boot of the board in its run, from 1. */
  readonly number: number
  /** What the kernel calls itself, such as `6.12.1`. */
  readonly kernel: string | undefined
  readonly stages: readonly StageResult[]
}

export interface StageResult {
  readonly name: string
  /** Since the boot's first stage. */
  readonly at: number
  /** Seconds on the kernel's clock. */
  readonly kernelTime: number | undefined
}

/** What the kernel complained about. */
export interface FindingResult {
  readonly board: string
  readonly level: 'fatal' | 'error' | 'warning' | 'info'
  readonly kind: string
  readonly signature: string
  readonly title: string
}

/** What kept something from going as it should, an attempt that was repeated included; each once in a run. */
export interface ErrorResult {
  /** `undefined` for one of the run as a whole. */
  readonly board: string | undefined
  readonly blame: Blame
  readonly code: string
  readonly message: string
}
