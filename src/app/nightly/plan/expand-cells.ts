import type { BoardSpec } from '../../../environment/environment.ts'
import type { Cell, Exclusion, Plan } from './plan.ts'

/** The matrix without what is excluded, in the order in which the cells of a board begin. */
export function expandCells({
  boards,
  payloads,
  specs,
  exclude,
}: Pick<Plan, 'boards' | 'payloads' | 'specs' | 'exclude'>): {
  readonly cells: readonly Cell[]
  readonly excluded: number
} {
  const all = boards.flatMap((board) =>
    payloads.flatMap((payload) => specs.map((spec) => ({ board, payload, spec }))),
  )
  const kept = all.filter(
    ({ board, payload, spec }) => !exclude.some((each) => covers(each, board, payload.name, spec.name)),
  )
  const cells = kept.map(({ board, payload, spec }) => ({
    id: cellId(board.name, payload.name, spec.name),
    ...{ board: board.name, payload: payload.name, spec: spec.name },
    priority: payload.priority + spec.priority,
  }))
  return {
    // The order of the file decides among equals: sorting is stable.
    cells: cells.toSorted((a, b) => b.priority - a.priority),
    excluded: all.length - kept.length,
  }
}

/** The same in every night. */
export function cellId(board: string, payload: string, spec: string): string {
  return `${board}/${payload}/${spec}`
}

function covers(exclusion: Exclusion, board: BoardSpec, payload: string, spec: string): boolean {
  const has = (names: readonly string[] | undefined, name: string) => names?.includes(name) ?? true
  return (
    has(exclusion.board, board.name) &&
    (exclusion.tag ?? []).every((tag) => board.tags.includes(tag)) &&
    has(exclusion.payload, payload) &&
    has(exclusion.spec, spec)
  )
}
