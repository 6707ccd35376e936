import type { SecretReference } from '../../../board/option-types.ts'
import type { BoardSpec, Environment } from '../../../environment/environment.ts'
import type { PayloadSettings } from '../../../environment/payload-settings.ts'
import type { PlanOptions } from './plan-schema.ts'

/** A plan for nights, with everything looked up that can be before a board is switched on. All paths absolute. */
export interface Plan {
  readonly file: string
  readonly name: string
  readonly environment: Environment
  /** The boards of the matrix, in the order of the environment. */
  readonly boards: readonly BoardSpec[]
  readonly payloads: readonly PlannedPayload[]
  readonly specs: readonly PlannedSpec[]
  readonly exclude: readonly Exclusion[]
  readonly infrastructureRetries: number
  /** How many cells run at a time. */
  readonly atOnce: number | undefined
  readonly timeMs: number | undefined
  readonly waitMs: number | undefined
  readonly priority: number
  readonly failure: { readonly boardAfter: number; readonly payloadAfter: number; readonly stopAfter: number }
  readonly hooks: Hooks
  readonly health: HealthCheck | undefined
  readonly bisect: BisectBudget | undefined
  readonly mail: PlanOptions['mail']
  readonly webhooks: readonly Webhook[]
}

export interface PlannedPayload {
  readonly name: string
  readonly priority: number
  readonly bootargs: readonly string[]
  /** Nothing in it: what the board boots by itself. */
  readonly settings: PayloadSettings
  /** What it is built from, where that is a revision in git. */
  readonly source: BranchSource | undefined
}

export interface BranchSource {
  readonly repository: string
  readonly branch: string
  readonly config: string | undefined
  readonly build: string | undefined
}

export interface PlannedSpec {
  readonly name: string
  readonly files: readonly string[]
  readonly grep: string | undefined
  readonly state: string | undefined
  readonly testTimeoutMs: number | undefined
  readonly timeoutMs: number
  readonly retries: number
  readonly priority: number
}

/** A cell that is all of this is left out. */
export interface Exclusion {
  readonly board?: readonly string[] | undefined
  readonly tag?: readonly string[] | undefined
  readonly payload?: readonly string[] | undefined
  readonly spec?: readonly string[] | undefined
}

export interface Hooks {
  readonly before: string | undefined
  readonly after: string | undefined
  readonly cellBefore: string | undefined
  readonly cellAfter: string | undefined
}

export interface HealthCheck {
  readonly specs: readonly string[]
  readonly timeoutMs: number
}

export interface BisectBudget {
  readonly timeMs: number
  readonly builds: number | undefined
  readonly powerCycles: number | undefined
  readonly most: number
}

export interface Webhook {
  readonly url: string | SecretReference
  readonly on: 'change' | 'always' | 'failure'
  readonly token?: SecretReference | undefined
}

/** One board with one payload and one spec. */
export interface Cell {
  readonly id: string
  readonly board: string
  readonly payload: string
  readonly spec: string
  readonly priority: number
}
