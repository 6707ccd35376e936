import type { FindingRecord, RunRecord } from '../run-record.ts'
import type { Stage } from '../../kernel/stages/stage.ts'

/** One boot of one board, as its console tells it. */
export interface RecordedBoot {
  readonly board: string
  /** Which boot of the run, from 1. */
  readonly number: number
  /** When it began, in milliseconds since the run did. */
  readonly startedAt: number
  /** Where it begins on the console, in received bytes. */
  readonly offset: number
  readonly stages: readonly BootStage[]
  readonly findings: readonly BootFinding[]
  readonly lines: readonly BootLine[]
  /** How many lines more there were than are kept. */
  readonly leftOut: number
}

export interface BootStage {
  readonly name: Stage['name']
  /** In milliseconds since the boot began; `undefined` where the console was kept without times. */
  readonly at: number | undefined
  /** Seconds on the kernel's clock. */
  readonly kernelTime: number | undefined
}

/** What the kernel complained about. */
export interface BootFinding extends Pick<
  FindingRecord,
  'level' | 'kind' | 'title' | 'signature' | 'offset'
> {
  /** Why it counts as `info` although it looks worse. */
  readonly excuse?: string | undefined
}

/** A line of the console. */
export interface BootLine {
  /** In milliseconds since the boot began; `undefined` where the console was kept without times. */
  readonly at: number | undefined
  /** Seconds on the kernel's clock; `undefined` where it has no stamp. */
  readonly kernelTime: number | undefined
  /** Without the kernel's stamp. */
  readonly text: string
  /** Where its last byte is on the console. */
  readonly offset: number
}

/** A run with its boots. */
export interface RecordedRun {
  /** Where it was read from, as the person typed it. */
  readonly source: string
  /** `undefined` for a bare console log. */
  readonly record: RunRecord | undefined
  /** Of each board in the order in which they happened. */
  readonly boots: ReadonlyMap<string, readonly RecordedBoot[]>
}
