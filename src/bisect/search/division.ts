import { failingWith, type SearchProblem } from './evidence.ts'
import { coinEntropy, jointInformation } from './information.ts'
import type { Suspicion } from './suspicion.ts'

/** What outcomes may be mistaken by before they count as noisy: the probability that a run with the bug passes. */
const noise = 0.02

/**
 * How some probes, whose outcomes are not known yet, divide the suspects: into cells that all these probes together
 * can't tell apart.
 */
export class Division {
  /** More probes are not looked at together: 2 to the power of it is what may come out. */
  static readonly maximum = 10

  readonly #problem: SearchProblem
  readonly #suspicion: Suspicion
  /** Numbers of the probes that are in the graph. */
  readonly members: readonly number[]
  readonly probes: number
  /** The cell of each suspect. */
  readonly #cellOf: Uint16Array
  /** Which probes fail, bit by bit, if it is one of the cell. */
  readonly #failing: readonly number[]
  /** What these probes tell together, in bits. */
  readonly information: number
  /** Whether a probe that has the bug may well pass. */
  readonly isNoisy: boolean

  private constructor(
    problem: SearchProblem,
    suspicion: Suspicion,
    probes: { readonly count: number; readonly members: readonly number[] },
    cells: { readonly of: Uint16Array; readonly failing: readonly number[] },
  ) {
    this.#problem = problem
    this.#suspicion = suspicion
    this.probes = probes.count
    this.members = probes.members
    this.#cellOf = cells.of
    this.#failing = cells.failing
    const { masses, failures } = this.#sums()
    this.information = jointInformation(
      this.#failing.map((failing, cell) => {
        const mass = masses[cell] ?? 0
        return { failing, mass, rate: mass > 0 ? (failures[cell] ?? 0) / mass : 1 }
      }),
    )
    this.isNoisy = masses.reduce((sum, mass, cell) => sum + mass - (failures[cell] ?? 0), 0) > noise
  }

  /** All suspects in one cell, and one cell more for "everywhere". */
  static none(problem: SearchProblem, suspicion: Suspicion): Division {
    const cells = { of: new Uint16Array(problem.graph.size), failing: [0] }
    return new Division(problem, suspicion, { count: 0, members: [] }, cells)
  }

  /** One probe more. @param index of its commit; undefined for one behind the known end of the range */
  with(index: number | undefined): Division {
    const { graph } = this.#problem
    const mask = failingWith(this.#problem, index === undefined ? '' : graph.idOf(index))
    const bit = 1 << this.probes
    const numbers = new Map<number, number>()
    const failing: number[] = []
    const of = this.#cellOf.map((cell, suspect) => {
      const key = cell * 2 + (mask[suspect] ?? 0)
      const known = numbers.get(key)
      if (known !== undefined) return known
      numbers.set(key, failing.length)
      return failing.push((this.#failing[cell] ?? 0) | (mask[suspect] === 1 ? bit : 0)) - 1
    })
    const members = index === undefined ? this.members : [...this.members, index]
    return new Division(this.#problem, this.#suspicion, { count: this.probes + 1, members }, { of, failing })
  }

  /**
   * For each commit: how many bits a run of it adds once the outcomes of these probes are known. Exact where a
   * failure shows in each run, and a good guess else.
   */
  gains(): Float64Array {
    const { graph, change } = this.#problem
    const { of, failureRate, everywhere } = this.#suspicion
    const { masses } = this.#sums()
    const allFail = this.#failing.indexOf(2 ** this.probes - 1)
    const gains = new Float64Array(graph.size)
    for (const [cell, mass] of masses.entries()) {
      if (mass <= 0) continue
      const failures = new Float64Array(graph.size)
      const noises = new Float64Array(graph.size)
      let [allFailures, allNoise] = [0, 0]
      for (let index = 0; index < graph.size; index++) {
        const likely = of[index] ?? 0
        if (likely === 0 || this.#cellOf[index] !== cell) continue
        const rate = failureRate[index] ?? 0
        allFailures += failures[index] = likely * rate
        allNoise += noises[index] = likely * coinEntropy(rate)
      }
      const columns = allNoise === 0 ? [failures] : [failures, noises]
      const [below = failures, noiseBelow = noises] = graph.ancestorSums(columns)
      const total = mass + (cell === allFail ? everywhere : 0)
      for (let index = 0; index < graph.size; index++) {
        const contained = below[index] ?? 0
        const containedNoise = noiseBelow[index] ?? 0
        const fails = change === 'fix' ? allFailures - contained : contained
        const bits = change === 'fix' ? allNoise - containedNoise : containedNoise
        const share = Math.min(1, Math.max(0, fails / total))
        gains[index] = (gains[index] ?? 0) + total * coinEntropy(share) - bits
      }
    }
    return gains
  }

  #sums(): { readonly masses: Float64Array; readonly failures: Float64Array } {
    const { of, failureRate } = this.#suspicion
    const masses = new Float64Array(this.#failing.length)
    const failures = new Float64Array(this.#failing.length)
    for (let index = 0; index < of.length; index++) {
      const mass = of[index] ?? 0
      const cell = this.#cellOf[index] ?? 0
      masses[cell] = (masses[cell] ?? 0) + mass
      failures[cell] = (failures[cell] ?? 0) + mass * (failureRate[index] ?? 0)
    }
    return { masses, failures }
  }
}
