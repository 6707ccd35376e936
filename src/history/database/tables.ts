import type { Selectable } from 'kysely'

/** The tables, as queries see them; `migrations.ts` makes them. */
export interface Tables {
  readonly runs: RunRow
  readonly run_boards: { run_id: string; board: string; architecture: string | null }
  readonly tests: TestRow
  readonly boots: { run_id: string; board: string; number: number; kernel: string | null }
  readonly stages: StageRow
  readonly findings: FindingRow
  readonly errors: ErrorRow
  readonly nights: NightRow
  readonly night_cells: NightCellRow
}

/** Times of day in milliseconds since 1970, durations in milliseconds. */
export interface RunRow {
  id: string
  started_at: number
  duration_ms: number
  verdict: string | null
  interrupted_by: string | null
  environment: string
  directory: string
  hil: string | null
  /** 0 for a run whose end has not been seen: it may come later. */
  is_finished: number
}

interface TestRow {
  run_id: string
  /** The place of the test in its run. */
  ordinal: number
  file: string
  title: string
  board: string
  outcome: string
  verdict: string | null
  attempts: number
  duration_ms: number
  error: string | null
}

interface StageRow {
  run_id: string
  board: string
  boot: number
  stage: string
  /** Since the boot's first stage. */
  at_ms: number
  /** On the kernel's clock. */
  kernel_s: number | null
}

interface FindingRow {
  run_id: string
  ordinal: number
  board: string
  level: string
  kind: string
  signature: string
  title: string
}

interface ErrorRow {
  run_id: string
  ordinal: number
  board: string | null
  blame: string
  code: string
  message: string
}

interface NightRow {
  id: string
  name: string
  started_at: number
  directory: string
  /** 1 where all cells passed. */
  is_good: number
}

interface NightCellRow {
  night_id: string
  cell: string
  payload: string
  outcome: string
  boot_ms: number | null
  commit_id: string | null
  identity: string | null
}

export type RunRecordRow = Selectable<RunRow>
