import type { FailureSignature } from './bisection-record.ts'
import type { Blame } from './errors.ts'
import type { Verdict } from './verdicts.ts'

/**
 * What is known of a night of boards: plain data, which its directory keeps after each step and every report of it is made
 * from.
 */
export interface NightRecord {
  readonly version: typeof nightVersion
  readonly id: string
  /** What its plan is called: nights of one name are compared. */
  readonly name: string
  readonly planFile: string
  /** ISO 8601, UTC. */
  readonly startedAt: string
  readonly finishedAt?: string
  readonly argv: readonly string[]
  readonly environmentFile: string
  readonly versions: Readonly<Record<string, string>>
  readonly boards: readonly string[]
  readonly payloads: readonly NightPayload[]
  readonly specs: readonly { readonly name: string; readonly files: readonly string[] }[]
  /** In the order in which those of a board begin. */
  readonly cells: readonly NightCell[]
  /** How boards showed that they are well, or did not. */
  readonly health: readonly HealthRecord[]
  /** Boards that were taken out of use, and why. */
  readonly boardsOut: Readonly<Record<string, string>>
  readonly bisections: readonly NightBisection[]
  readonly notes: readonly string[]
  /** How long was worked on it, pauses left out. */
  readonly activeMs: number
  /** Why it was stopped before all cells were run; `hil nightly resume` goes on. */
  readonly stopped?: string
}

/** A reader refuses a higher one. */
export const nightVersion = 1

export interface NightPayload {
  readonly name: string
  /** `master of /srv/linux` */
  readonly description: string
  /** What it was built from. */
  readonly commit?: { readonly id: string; readonly shortId: string; readonly subject: string }
  /** What boots, in one hash, and what is run on it; absent for what the board has itself. */
  readonly identity?: string
  readonly durationMs?: number
  readonly isCached?: boolean
  /** Why there is none, and who has to act. */
  readonly obstacle?: { readonly why: string; readonly blame: Blame }
  /** Why it is not run: it has passed before. */
  readonly skipped?: string
  readonly notes?: readonly string[]
  /** What was printed; relative to the directory of the night. */
  readonly log?: string
}

/** One board with one payload and one spec. */
export interface NightCell {
  /** The same in every night: `board/payload/spec`. */
  readonly id: string
  readonly board: string
  readonly payload: string
  readonly spec: string
  readonly priority: number
  /** More than one where the bench failed. */
  readonly attempts: readonly CellAttempt[]
  /** Absent until it has come to its end. */
  readonly outcome?: CellOutcome
  /** Who has to act. */
  readonly blame?: Blame
  /** One sentence. */
  readonly why?: string
}

/** `not-run` is what was given up without a try. */
export type CellOutcome = Verdict | 'skipped' | 'not-run'

export interface CellAttempt {
  readonly startedAt: string
  readonly durationMs: number
  readonly verdict: Verdict
  readonly why: string
  /** It was the machine that hil runs on which failed: that says nothing of the board. */
  readonly isOfHost?: true
  /** What was seen, where something failed. */
  readonly signature?: FailureSignature
  readonly counts: Readonly<Record<'passed' | 'failed' | 'skipped' | 'flaky', number>>
  readonly powerCycles: number
  /** From the first word of the first boot to the last stage it came to. */
  readonly bootMs?: number
  /** The kernel that was seen. */
  readonly kernel?: string
  /** Its report, relative to the directory of the night. */
  readonly report?: string
}

export interface HealthRecord extends CellAttempt {
  readonly board: string
}

export interface NightBisection {
  readonly cell: string
  readonly good: string
  readonly bad: string
  /** Its directory, relative to that of the night. */
  readonly directory?: string
  /** One sentence: what it came to. */
  readonly summary?: string
  /** Subject of the commit that was found. */
  readonly culprit?: string
}

/** What history keeps of a night. */
export interface EarlierNight {
  readonly id: string
  readonly name: string
  /** In milliseconds since 1970. */
  readonly startedAt: number
  /** Where its report lies, as it was called then. */
  readonly directory: string
  readonly cells: readonly EarlierCell[]
}

export interface EarlierCell {
  readonly id: string
  readonly payload: string
  readonly outcome: CellOutcome
  readonly bootMs?: number
  readonly commit?: string
  readonly identity?: string
}
