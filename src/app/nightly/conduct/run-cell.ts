import { messageOf } from '../../../core/errors.ts'
import { isHostFailure } from '../../../core/host-failure.ts'
import type { CellAttempt, NightCell } from '../../../core/night-record.ts'
import type { NightBoard } from '../worker/board-process.ts'
import type { CellJob } from '../worker/messages.ts'

/** Before and after a cell; what `before` throws is the bench's fault. */
export interface CellHooks {
  readonly before: (cell: NightCell) => Promise<void>
  readonly after: (cell: NightCell) => Promise<void>
}

export interface CellRun {
  readonly cell: NightCell
  readonly job: CellJob
  readonly hooks: CellHooks
  /** How often is tried again what the bench has failed. */
  readonly infrastructureRetries: number
  /** Before each try; the first is 0. */
  readonly onTry: (attempt: number) => void
  /** After each try that is followed by another one. */
  readonly onFailed: (attempts: readonly CellAttempt[]) => Promise<void>
  readonly signal: AbortSignal
}

/** @returns all tries of a cell, the last one being what it came to; `undefined` where it was stopped */
export async function runCell(run: CellRun, board: NightBoard): Promise<readonly CellAttempt[] | undefined> {
  const attempts: CellAttempt[] = [...run.cell.attempts]
  for (let attempt = 0; ; attempt++) {
    run.onTry(attempt)
    const result = await tryOnce(run, board)
    if (result === undefined) return undefined
    attempts.push(result)
    const isOver = result.verdict !== 'infrastructure-failed' || board.isGone
    if (isOver || attempt >= run.infrastructureRetries) return attempts
    await run.onFailed(attempts)
  }
}

async function tryOnce(
  { cell, job, hooks, signal }: CellRun,
  board: NightBoard,
): Promise<CellAttempt | undefined> {
  try {
    await hooks.before(cell)
  } catch (error) {
    return signal.aborted ? undefined : notBegun(error)
  }
  const result = await board.run(job)
  await hooks.after(cell)
  return result
}

function notBegun(error: unknown): CellAttempt {
  return {
    ...{ startedAt: new Date().toISOString(), durationMs: 0, powerCycles: 0, why: messageOf(error) },
    verdict: 'infrastructure-failed',
    ...(error instanceof Error && isHostFailure(error) && { isOfHost: true }),
    counts: { passed: 0, failed: 0, skipped: 0, flaky: 0 },
  }
}
