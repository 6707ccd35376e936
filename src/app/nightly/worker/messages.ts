import type { SerializedError } from '../../../core/errors.ts'
import type { CellAttempt } from '../../../core/night-record.ts'
import type { Queueing } from '../../../lab/lease/lease-boards.ts'

/** What the process of a board is told. */
export type ToBoard =
  | {
      readonly type: 'start'
      readonly environment: string
      readonly board: string
      /** Where the person is. */
      readonly cwd: string
      /** Where reports of runs go; absolute. */
      readonly reports: string
      readonly argv: readonly string[]
      readonly queueing: Queueing
    }
  | { readonly type: 'run'; readonly job: CellJob }
  /** Ends the run there is, and the process, with the board left as declared. */
  | { readonly type: 'stop'; readonly signal: 'SIGINT' | 'SIGTERM' }
  | { readonly type: 'end' }

/** What it answers. */
export type FromBoard =
  | { readonly type: 'leased' }
  | { readonly type: 'refused'; readonly error: SerializedError }
  | { readonly type: 'note'; readonly message: string }
  | { readonly type: 'ran'; readonly attempt: CellAttempt }
  /** Only that of what was stopped. */
  | { readonly type: 'stopped' }

export interface CellJob {
  readonly specs: readonly string[]
  readonly grep: string | undefined
  readonly state: string | undefined
  readonly testTimeoutMs: number | undefined
  readonly timeoutMs: number
  readonly retries: number
  readonly boots: JobPayload
  /** One that is passed shows that a board is well: it ends its quarantine. */
  readonly isHealthCheck?: boolean
}

/** A directory of a payload; what the environment says; or what the board boots to show that it is well. */
export type JobPayload =
  | { readonly kind: 'directory'; readonly directory: string }
  | { readonly kind: 'environment'; readonly bootargs: readonly string[] }
  | { readonly kind: 'golden' }
