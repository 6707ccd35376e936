import type { Blame } from './errors.ts'
import type { Verdict } from './verdicts.ts'

/** What `hil doctor` found out, as plain data: `hil doctor --json` prints it. */

/** The version of this format; a reader refuses a higher one. */
export const examinationVersion = 1

/** Everything that is looked at, in this order. */
export const stepIds = [
  'lease',
  'files',
  'ports',
  'tftp-port',
  'open',
  'power-on',
  'baud',
  'power-off',
  'bootloader',
  'capabilities',
  'tftp',
  'golden-boot',
  'ssh',
  'release',
] as const

export type StepId = (typeof stepIds)[number]

export interface Examinations {
  readonly version: typeof examinationVersion
  /** What does not depend on a board: Node, and the TFTP port where no board needs it. */
  readonly machine: readonly StepFinding[]
  readonly boards: readonly Examination[]
  /** The gravest of all boards. */
  readonly verdict: Verdict
}

/** One board. */
export interface Examination {
  readonly board: string
  readonly verdict: Verdict
  readonly durationMs: number
  readonly steps: readonly StepResult[]
}

export interface StepResult {
  readonly id: StepId
  readonly title: string
  /** The worst of its findings; `skipped`: it could not be tried, or there was nothing to try. */
  readonly outcome: 'ok' | 'warn' | 'failed' | 'skipped'
  readonly findings: readonly StepFinding[]
  /** Why it was skipped. */
  readonly reason?: string
  readonly durationMs: number
}

export interface StepFinding {
  readonly level: 'ok' | 'warn' | 'failed'
  /** One sentence: what is so. */
  readonly words: string
  /** What to do about it; of all that failed, and of warnings where there is something to do. */
  readonly advice?: string
  /** Who has to act on what failed. */
  readonly blame?: Blame
}
