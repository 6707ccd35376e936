import type { RunEvent } from '../../core/events.ts'
import { now } from '../../core/clock.ts'
import type { BoardSpec, Environment } from '../../environment/environment.ts'
import { showEnvironment } from '../../environment/show-environment.ts'
import type { RunRecord } from '../../report/run-record.ts'
import { RunRecorder } from '../../report/run-recorder.ts'
import type { Screen } from '../../report/terminal/screen.ts'
import type { RunOutcome, RunSpecsOptions } from '../../session/run-options.ts'
import { runSpecs } from '../../session/run-specs.ts'
import { preparer } from '../payload/prepare.ts'
import { openRunReport } from '../report/run-report.ts'

export interface SingleRunOptions extends Pick<
  RunSpecsOptions,
  'specs' | 'argv' | 'interrupt' | 'exitMode' | 'leaseBoards'
> {
  readonly environment: Environment
  /** As it is to boot. */
  readonly board: BoardSpec
  readonly grep?: string | undefined
  readonly timeoutMs?: number | undefined
  readonly state?: string | undefined
  readonly retries: number
  /** Below it the run leaves its report. */
  readonly root: string
  readonly cwd: string
  readonly screen: Screen
  /** Boots in spite of what is wrong with a payload. */
  readonly force: boolean
  /** Sees each event. */
  readonly onEvent?: (event: RunEvent) => void
}

export interface SingleRun {
  readonly record: RunRecord
  readonly outcome: RunOutcome
  /** ISO 8601, UTC. */
  readonly startedAt: string
  readonly durationMs: number
  /** How often the power was switched on. */
  readonly powerCycles: number
  /** Its report, as a person would type it. */
  readonly report: string
}

/** An ordinary run on one board, from power-off, of which nothing is shown: part of something greater. */
export async function runOnBoard(options: SingleRunOptions): Promise<SingleRun> {
  const { environment, board, root, cwd, screen, force, onEvent, leaseBoards } = options
  const { specs, argv, interrupt, exitMode, retries, grep, timeoutMs, state } = options
  const report = openRunReport({
    cwd,
    root,
    boards: [board.name],
    screen,
    reporters: [],
    logLevel: undefined,
  })
  const recorder = new RunRecorder()
  let powerCycles = 0
  using _tap = report.tap((event: RunEvent) => {
    recorder.add(event)
    if (event.type === 'power' && event.action === 'on' && event.ok) powerCycles++
    onEvent?.(event)
  })
  const startedAt = new Date().toISOString()
  const started = now()
  const alone: Environment = { ...environment, boards: [board] }
  const outcome = await runSpecs({
    ...{ environment: alone, environmentYaml: showEnvironment(alone), boards: [board.name] },
    ...{ specs, argv, interrupt, exitMode, retries },
    ...{ bail: false, repeatEach: 1, keep: false, failOnFlaky: false },
    ...{ emit: report.emit, prepareBoot: preparer({ force }) },
    ...(leaseBoards && { leaseBoards }),
    ...(grep !== undefined && { grep }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(state !== undefined && { state }),
    readerFailures: () => report.failures().map(({ reporter, error }) => ({ reader: reporter, error })),
  })
  const durationMs = now() - started
  await report.close()
  return { record: recorder.record, outcome, startedAt, durationMs, powerCycles, report: report.directory }
}
