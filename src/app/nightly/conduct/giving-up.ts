import type { CellOutcome, NightCell } from '../../../core/night-record.ts'
import { isOpen } from './kept-record.ts'

/** Whether somebody has to act. */
export function isFailure(outcome: CellOutcome): boolean {
  return outcome !== 'passed' && outcome !== 'flaky' && outcome !== 'skipped'
}

/**
 * What fails everywhere says no more by failing once more.
 * @param limit so many failed cells of a payload of which none has passed are enough; 0: never
 * @returns all cells; those of a hopeless payload that do not run yet are given up
 */
export function withoutHopeless(
  cells: readonly NightCell[],
  payload: string,
  limit: number,
  isRunning: (cell: NightCell) => boolean,
): readonly NightCell[] {
  if (limit === 0) return cells
  const done = cells.filter((cell) => cell.payload === payload && !isOpen(cell))
  const failed = done.filter(({ outcome }) => outcome === 'board-failed' || outcome === 'test-failed')
  const isHopeful = done.some(({ outcome }) => outcome === 'passed' || outcome === 'flaky')
  if (isHopeful || failed.length < limit) return cells
  const blame = failed.at(-1)?.blame ?? 'board'
  const why = `given up: ${payload} has failed ${failed.length} cells and passed none`
  return cells.map((cell) =>
    cell.payload === payload && isOpen(cell) && !isRunning(cell)
      ? { ...cell, outcome: 'not-run', blame, why }
      : cell,
  )
}

/** Why a night has failed enough, in a sentence. @param limit so many failed cells; 0: it never has */
export function enoughFailures(cells: readonly NightCell[], limit: number): string | undefined {
  const failed = cells.filter(({ outcome }) => outcome !== undefined && isFailure(outcome)).length
  return limit > 0 && failed >= limit ? `${failed} failed, which is the limit` : undefined
}
