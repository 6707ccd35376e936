import type { Conclusion, Decision } from '../../bisect/search/decide.ts'
import type { Bisection } from '../../bisect/search/bisection.ts'
import type {
  BisectionConclusion,
  BisectionRecord,
  BuildRecord,
  CommitDescription,
  ProbePurpose,
  ProbeRecord,
} from '../../core/bisection-record.ts'
import type { Budget } from './budget.ts'
import type { Thinker } from './thinker/thinker.ts'

export interface ConductorOptions {
  readonly bisection: Pick<Bisection, 'failingEnd'>
  readonly thinker: Thinker
  readonly boards: readonly string[]
  /** After so many failures of its bench in a row each of them is doubted. @default 3 */
  readonly doubtedAfter?: ReadonlyMap<string, number>
  readonly budget: Budget
  /** Builds one commit; is never called twice at a time. @throws what says nothing about the commit */
  readonly build: (commit: string, signal: AbortSignal) => Promise<BuildRecord>
  /** Runs what was built on a board, from power-off. @throws what says nothing about commit or board */
  readonly probe: (request: ProbeRequest, signal: AbortSignal) => Promise<ProbeRecord>
  /** Keeps the record; called after each step. */
  readonly save: (record: BisectionRecord) => Promise<void>
  /** What is to be said of commits. */
  readonly describe: (commits: readonly string[]) => Promise<readonly CommitDescription[]>
  /** Puts a conclusion into words. */
  readonly explain: (conclusion: Conclusion, record: BisectionRecord) => Promise<BisectionConclusion>
  readonly onUpdate: (update: ConductorUpdate) => void
  /** Ends it. */
  readonly signal: AbortSignal
}

export interface ProbeRequest {
  readonly number: number
  readonly commit: string
  readonly purpose: ProbePurpose
  readonly board: string
}

export interface ConductorUpdate {
  readonly record: BisectionRecord
  readonly decision: Decision
  readonly running: readonly RunningProbe[]
  readonly building: Started | undefined
}

export interface RunningProbe extends ProbeRequest, Started {}

export interface Started {
  readonly commit: string
  /** Milliseconds on the clock of `now()`. */
  readonly since: number
}
