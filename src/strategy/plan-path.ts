/** What the search looks at: a way from a state to another, and what it costs. */
export interface Way {
  readonly from: string
  readonly to: string
  readonly budgetMs: number
}

/**
 * The way that takes the least time in all (Dijkstra), as the edges to run one after the other;
 * empty when `from` is `to`, `undefined` when there is none. Of equal ways the one with fewer
 * edges wins, then the one written first.
 */
export function planPath<Edge extends Way>(
  edges: readonly Edge[],
  from: string,
  to: string,
): readonly Edge[] | undefined {
  const best = new Map<string, Route<Edge>>([[from, { cost: 0, path: [] }]])
  const open = new Set([from])
  while (open.size > 0) {
    const state = cheapest(open, best)
    open.delete(state)
    const route = best.get(state)
    if (route === undefined || state === to) return route?.path
    for (const edge of edges.filter((candidate) => candidate.from === state)) {
      const longer = { cost: route.cost + edge.budgetMs, path: [...route.path, edge] }
      const known = best.get(edge.to)
      if (known !== undefined && !isBetter(longer, known)) continue
      best.set(edge.to, longer)
      open.add(edge.to)
    }
  }
  return undefined
}

interface Route<Edge> {
  readonly cost: number
  readonly path: readonly Edge[]
}

function cheapest<Edge>(open: ReadonlySet<string>, best: ReadonlyMap<string, Route<Edge>>): string {
  return [...open].reduce((least, state) =>
    isBetter(best.get(state) ?? never, best.get(least) ?? never) ? state : least,
  )
}

const never: Route<never> = { cost: Number.POSITIVE_INFINITY, path: [] }

function isBetter<Edge>(a: Route<Edge>, b: Route<Edge>): boolean {
  return a.cost < b.cost || (a.cost === b.cost && a.path.length < b.path.length)
}
