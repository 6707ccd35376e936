import type { SearchProblem } from './evidence.ts'
import type { Suspicion } from './suspicion.ts'

/** Commits of which runs can't say which one it is, because those between them can't be tested. */
export interface Suspects {
  /** In the order of the history. */
  readonly commits: readonly string[]
  /** How likely it is one of them. */
  readonly probability: number
  /** Whether no run has passed that should have failed if it is one of them. */
  readonly isFlawless: boolean
}

/** Commits that are less likely than that are not worth a word. */
const negligible = 1e-9

/** The most likely suspects first, those together that can't be told apart. */
export function suspectsByLikelihood(
  { graph }: SearchProblem,
  { of, luckyPasses }: Suspicion,
  untestable: ReadonlySet<string>,
): readonly Suspects[] {
  const groupOf = untestable.size === 0 ? (index: number) => index : indistinguishable(graph, of, untestable)
  const groups = new Map<number, { commits: string[]; probability: number; isFlawless: boolean }>()
  for (let index = 0; index < of.length; index++) {
    const probability = of[index] ?? 0
    if (probability < negligible) continue
    const key = groupOf(index)
    const group = groups.get(key) ?? { commits: [], probability: 0, isFlawless: false }
    group.commits.push(graph.idOf(index))
    group.probability += probability
    group.isFlawless ||= luckyPasses[index] === 0
    groups.set(key, group)
  }
  return [...groups.values()].toSorted((a, b) => b.probability - a.probability)
}

/**
 * Two commits can be told apart when a commit that can be tested contains one of them only. So each commit gets a
 * number for the set of testable commits that contain it, made of the numbers of those: by chance two sets have the same
 * number once in 2^40 cases.
 */
function indistinguishable(
  graph: SearchProblem['graph'],
  of: Float64Array,
  untestable: ReadonlySet<string>,
): (index: number) => number {
  const numbers = new Float64Array(graph.size)
  const random = numberSource()
  for (let probe = 0; probe < graph.size; probe++) {
    const number = random()
    if (untestable.has(graph.idOf(probe)) || (of[probe] ?? 0) < negligible) continue
    const contained = graph.ancestorsOf(probe)
    for (let index = 0; index <= probe; index++) {
      if (contained[index] === 1) numbers[index] = ((numbers[index] ?? 0) + number) % 1
    }
  }
  return (index) => Math.round((numbers[index] ?? 0) * 2 ** 40)
}

/** Numbers from 0 to 1 that are the same each time (xorshift32, twice for more bits). */
function numberSource(): () => number {
  let state = 0x9e3779b9
  const next = () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
  return () => (next() + next() / 2 ** 32) / 2 ** 32
}
