import type { NightCell } from '../../src/core/night-record.ts'

/** How much longer it took than the busiest board was busy: nothing could be faster with these runs. */
export function schedulingOverhead(cells: readonly NightCell[]): number {
  const runs = cells.flatMap(({ board, attempts }) =>
    attempts.map(({ startedAt, durationMs }) => ({ board, from: Date.parse(startedAt), durationMs })),
  )
  const busy = new Map<string, number>()
  for (const { board, durationMs } of runs) busy.set(board, (busy.get(board) ?? 0) + durationMs)
  const ideal = Math.max(...busy.values())
  const makespan =
    Math.max(...runs.map(({ from, durationMs }) => from + durationMs)) -
    Math.min(...runs.map(({ from }) => from))
  return makespan / ideal - 1
}
