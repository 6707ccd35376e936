/** A commit, and which commits it was made on. */
export interface CommitNode {
  readonly id: string
  readonly parents: readonly string[]
}

/**
 * The commits among which a change is looked for. They are numbered such that a parent has a lower number than its
 * children; parents that are not among them are behind the known end of the range, and left out.
 */
export class CommitGraph {
  readonly #ids: readonly string[]
  readonly #indexes: ReadonlyMap<string, number>
  /** The parent that contains most, or -1. */
  readonly #mainParents: Int32Array
  /** What else was merged, by the number of the merge. */
  readonly #merged = new Map<number, Merge>()

  /** @param commits parents before children, as `git rev-list --topo-order --reverse` lists them */
  constructor(commits: readonly CommitNode[]) {
    this.#ids = commits.map(({ id }) => id)
    this.#indexes = new Map(this.#ids.map((id, index) => [id, index]))
    this.#mainParents = new Int32Array(commits.length).fill(-1)
    const sizes = new Int32Array(commits.length)
    for (const [index, { id, parents }] of commits.entries()) {
      const known = parents.flatMap((parent) => this.#indexes.get(parent) ?? [])
      const late = known.find((parent) => parent >= index)
      if (late !== undefined) throw new RangeError(`${this.idOf(late)} comes after its child ${id}`)
      const [main, ...others] = known.toSorted((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0))
      sizes[index] = 1
      if (main === undefined) continue
      this.#mainParents[index] = main
      const brought = others.length === 0 ? [] : this.#broughtBy(others, main)
      if (others.length > 0) this.#merged.set(index, { others, brought: Int32Array.from(brought) })
      sizes[index] = 1 + (sizes[main] ?? 0) + brought.length
    }
  }

  get size(): number {
    return this.#ids.length
  }

  get ids(): readonly string[] {
    return this.#ids
  }

  /** @throws RangeError for a number that no commit has */
  idOf(index: number): string {
    const id = this.#ids[index]
    if (id === undefined) throw new RangeError(`there is no commit ${index} among ${this.size}`)
    return id
  }

  /** `undefined` for a commit behind the known end of the range. */
  indexOf(id: string): number | undefined {
    return this.#indexes.get(id)
  }

  /** 1 for each commit that `index` contains, itself included. */
  ancestorsOf(index: number): Uint8Array {
    const mask = new Uint8Array(this.size)
    mask[index] = 1
    for (let child = index; child >= 0; child--) {
      if (mask[child] === 0) continue
      const main = this.#mainParents[child] ?? -1
      if (main >= 0) mask[main] = 1
      for (const parent of this.#merged.get(child)?.others ?? none) mask[parent] = 1
    }
    return mask
  }

  /**
   * For each commit the sums of the values of all that it contains, for several sets of values at once: those of its
   * main parent, of what else was merged, and of itself. So this takes little more than one step for each commit.
   */
  ancestorSums(columns: readonly Float64Array[]): readonly Float64Array[] {
    return columns.map((values) => {
      const sums = Float64Array.from(values)
      // Merges are done as they are met: to ask for each commit whether it is one takes longer than all else.
      let from = 0
      for (const [merge, { brought }] of this.#merged) {
        this.#sumLine(sums, from, merge + 1)
        let sum = sums[merge] ?? 0
        for (const each of brought) sum += values[each] ?? 0
        sums[merge] = sum
        from = merge + 1
      }
      this.#sumLine(sums, from, sums.length)
      return sums
    })
  }

  /** Adds to each commit from one to another what its main parent has. */
  #sumLine(sums: Float64Array, from: number, to: number): void {
    for (let index = from; index < to; index++) {
      const main = this.#mainParents[index] ?? -1
      if (main >= 0) sums[index] = (sums[index] ?? 0) + (sums[main] ?? 0)
    }
  }

  /**
   * What other parents contain that the main one does not: from both sides down the history, only until nothing is left
   * that the main one might not contain.
   */
  #broughtBy(others: readonly number[], main: number): readonly number[] {
    const sides = new Map<number, 'main' | 'others'>()
    const brought: number[] = []
    let undecided = 0
    const reach = (index: number, side: 'main' | 'others') => {
      const before = sides.get(index)
      if (before === 'main' || before === side) return
      undecided += (side === 'others' ? 1 : 0) - (before === 'others' ? 1 : 0)
      sides.set(index, side)
    }
    reach(main, 'main')
    for (const parent of others) reach(parent, 'others')
    for (let index = Math.max(main, ...others); undecided > 0; index--) {
      const side = sides.get(index)
      if (side === undefined) continue
      if (side === 'others') {
        undecided--
        brought.push(index)
      }
      const parent = this.#mainParents[index] ?? -1
      if (parent >= 0) reach(parent, side)
      for (const other of this.#merged.get(index)?.others ?? none) reach(other, side)
    }
    return brought
  }
}

interface Merge {
  readonly others: readonly number[]
  readonly brought: Int32Array
}

const none: readonly number[] = []
