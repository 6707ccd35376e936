import type { BisectionRecord, ProbePurpose } from '../../core/bisection-record.ts'

/** How a bisection stands, told whenever something begins or ends. */
export interface BisectionUpdate {
  readonly record: BisectionRecord
  /** What runs now, a board each. */
  readonly running: readonly RunningProbe[]
  /** What is built now. */
  readonly building?: { readonly commit: string; readonly since: number } | undefined
  /** Absent before the search has begun. */
  readonly remaining?: Remaining | undefined
  /** What all of it takes: there until `remaining` is. */
  readonly estimate?: Estimate | undefined
}

export interface RunningProbe {
  readonly board: string
  readonly commit: string
  readonly purpose: ProbePurpose
  /** Milliseconds on our clock. */
  readonly since: number
}

/** What a bisection takes, by the size of its range and by how long things took before. */
export interface Estimate {
  readonly rounds: number
  readonly runs: number
  /** Kernels to be had, those among them that need not be built anew; 0 where all are there. */
  readonly builds: number
  /** Absent where nothing tells how long a build or a run takes. */
  readonly ms?: number
  /** Limits that will not do: `--max-time 30 min`. */
  readonly beyond: readonly string[]
}

/** What is left to do, as far as it can be said. */
export interface Remaining {
  /** Among how many commits, were all of them alike, the choice would be as open. */
  readonly commits: number
  /** The commit that is most suspected, and how likely it is the one. */
  readonly likeliest: string
  readonly probability: number
  /** How many rounds are expected until it is found, and how long that takes; checks included. */
  readonly rounds?: number
  readonly ms?: number
}
