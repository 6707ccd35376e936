import { isBenchFailure } from '../../core/bench-failure.ts'
import { isHostFailure } from '../../core/host-failure.ts'
import { toSerializedError, type SerializedError } from '../../core/errors.ts'
import type { BenchOutcome } from '../../lab/lease/board-health.ts'
import type { FinalResult } from '../test-ledger.ts'

/** What a use of boards says of the bench of each; nothing of those of which nothing is known. */
export type BenchOutcomes = ReadonlyMap<string, BenchOutcome>

/** @param error what kept tests from running */
export function benchOutcomes(
  boards: readonly string[],
  { results, error }: { readonly results: readonly FinalResult[]; readonly error?: unknown },
): BenchOutcomes {
  const errors = [
    ...(error === undefined ? [] : [toSerializedError(error)]),
    ...results.flatMap((result) => result.error ?? []),
  ]
  const failures = errors.filter(isBenchFailure)
  // A test that failed by its own fault, or by that of the kernel, had a bench that works.
  const isUsed = results.some(({ verdict, error }) => verdict !== undefined && !isSilentOnBench(error))
  const outcomes = new Map<string, BenchOutcome>()
  for (const board of boards) {
    const failure = failures.find((each) => accuses(each, board, boards))
    if (failure !== undefined) outcomes.set(board, { kind: 'failed', message: failure.message })
    else if (isUsed) outcomes.set(board, { kind: 'worked' })
  }
  return outcomes
}

/** What kept the bench from showing what it can: a wrong environment, or a host that is not well. */
function isSilentOnBench(error: SerializedError | undefined): boolean {
  return error !== undefined && (error.blame === 'environment' || isHostFailure(error))
}

/** Who names no board accuses all. */
function accuses({ details }: SerializedError, board: string, boards: readonly string[]): boolean {
  const named = details?.['board']
  return named === board || typeof named !== 'string' || !boards.includes(named)
}
