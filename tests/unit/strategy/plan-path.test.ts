import assert from 'node:assert/strict'
import fc from 'fast-check'
import { planPath, type Way } from '../../../src/strategy/plan-path.ts'

function ways(...lines: readonly string[]): readonly Way[] {
  return lines.map((line) => {
    const [from = '', to = '', cost] = line.split(' ')
    return { from, to, budgetMs: Number(cost) }
  })
}

function pathOf(edges: readonly Way[], from: string, to: string): string | undefined {
  const path = planPath(edges, from, to)
  return path && [from, ...path.map((edge) => edge.to)].join(' ')
}

describe('planPath', () => {
  it('needs no edge to stay', () => {
    assert.deepEqual(planPath(ways('a b 1'), 'a', 'a'), [])
  })

  it('finds no way where there is none', () => {
    assert.equal(planPath(ways('a b 1'), 'b', 'a'), undefined)
    assert.equal(planPath(ways('a b 1'), 'x', 'a'), undefined)
  })

  it('takes the least time in all, not the fewest edges', () => {
    assert.equal(pathOf(ways('a d 10', 'a b 1', 'b c 1', 'c d 1'), 'a', 'd'), 'a b c d')
  })

  it('takes fewer edges, then what was written first, of ways that take the same time', () => {
    assert.equal(pathOf(ways('a b 1', 'b d 1', 'a d 2'), 'a', 'd'), 'a d')
    assert.equal(pathOf(ways('a b 1', 'a c 1', 'b d 1', 'c d 1'), 'a', 'd'), 'a b d')
  })

  it('comes to an end in a graph with cycles', () => {
    assert.equal(pathOf(ways('a b 1', 'b a 1', 'b c 5'), 'a', 'c'), 'a b c')
  })

  it('finds what trying every way finds', () => {
    const node = fc.constantFrom(...'abcde')
    const edge = fc.record({ from: node, to: node, budgetMs: fc.integer({ min: 1, max: 9 }) })
    fc.assert(
      fc.property(fc.array(edge, { maxLength: 12 }), (edges) => {
        const path = planPath(edges, 'a', 'e')
        const cost = path?.reduce((sum, { budgetMs }) => sum + budgetMs, 0)
        assert.equal(cost, cheapest(edges, 'a', 'e', new Set()))
      }),
    )
  })
})

function cheapest(
  edges: readonly Way[],
  from: string,
  to: string,
  seen: ReadonlySet<string>,
): number | undefined {
  if (from === to) return 0
  const costs = edges
    .filter((edge) => edge.from === from && !seen.has(edge.to))
    .flatMap((edge) => {
      const rest = cheapest(edges, edge.to, to, new Set([...seen, from]))
      return rest === undefined ? [] : [edge.budgetMs + rest]
    })
  return costs.length === 0 ? undefined : Math.min(...costs)
}
