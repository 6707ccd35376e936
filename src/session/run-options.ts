import type { DriverContext } from '../board/driver.ts'
import type { SerializedError } from '../core/errors.ts'
import type { EmitEvent, RunFinished } from '../core/events.ts'
import type { Verdict } from '../core/verdicts.ts'
import type { Environment } from '../environment/environment.ts'
import type { LeaseBoards } from '../lab/lease/lease-boards.ts'
import type { BoardKeeper } from './board/board-keeper.ts'
import type { HandedLine } from './board/board-line.ts'
import type { ReaderFailure } from './event-bus.ts'
import type { FindPast } from './group/failed-tests.ts'
import type { FindSources } from './kernel/kernel-sources.ts'
import type { PrepareBoot } from './board/prepared-boot.ts'

export interface RunSpecsOptions {
  readonly environment: Environment
  /** The environment as it was resolved, as YAML and without secrets, for the report. */
  readonly environmentYaml?: string
  /** Names of the boards to use; empty: all of the environment. */
  readonly boards: readonly string[]
  /** What a person should know of it from the beginning: sentences. */
  readonly notes?: readonly string[]
  /** Absolute paths. */
  readonly specs: readonly string[]
  /** Only tests whose full title matches this regular expression. */
  readonly grep?: string
  /** End the run after the first test that failed for good. */
  readonly bail: boolean
  /** How many times a failed test is tried again. */
  readonly retries: number
  /** How many times each test is run; 1 is once. */
  readonly repeatEach: number
  /** Limit of one test or hook, in milliseconds; 0 is none. @default 5 minutes */
  readonly timeoutMs?: number
  /** The state for `useBoard` calls that name none. */
  readonly state?: string
  /** Leave the boards' power as it is at the end. */
  readonly keep: boolean
  /** Stop at failures and call `onInteractive`; tests have no limit of time. */
  readonly debug?: boolean
  readonly failOnFlaky: boolean
  readonly exitMode: 'run' | 'bisect'
  readonly emit: EmitEvent
  /** Ends the run; its reason is the signal's name, or the error that makes going on impossible. */
  readonly interrupt: AbortSignal
  readonly prepareBoot: PrepareBoot
  /** @default leases from this host, without waiting */
  readonly leaseBoards?: LeaseBoards
  /** Finds the source lines of what kernels complained about, when all tests are over. */
  readonly findSources?: FindSources
  /** Finds out since when tests fail, when all tests are over. */
  readonly findPast?: FindPast
  /** Holds boards beyond this run. @default they are released at its end */
  readonly keeper?: BoardKeeper
  /** The command line, for the report and for others who want the boards. */
  readonly argv: readonly string[]
  /** Hands a board to a person; the run goes on when it resolves. */
  readonly onInteractive?: (failure: InteractiveFailure) => Promise<void>
  /** Asks the person at the terminal; absent where there is none. */
  readonly ask?: DriverContext['ask']
  /** Readers of events that broke: a run that nobody could read all of is no pass. */
  readonly readerFailures?: () => readonly ReaderFailure[]
}

/** A failure that waits for a person. */
export interface InteractiveFailure extends HandedLine {
  readonly board: string
  /** Full title of the test. */
  readonly test: string
  readonly error: SerializedError
}

export interface RunOutcome {
  readonly verdict: Verdict
  readonly exitCode: number
  readonly counts: RunFinished['counts']
  /** What went wrong outside of any test. */
  readonly error?: unknown
}
