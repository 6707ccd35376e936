/** After so many failures of the bench in a row a board has to show that it is well, where its environment does not say. */
const usualLimit = 3

/** The boards of a bisection: which are free, and which can be trusted. */
export class Bench {
  /** Failures in a row that were the fault of the bench, by board. */
  readonly #failures = new Map<string, number>()
  readonly #busy = new Set<string>()
  readonly #limits: ReadonlyMap<string, number>

  /** @param limits after so many failures in a row a board is doubted; what is not finite is not said */
  constructor(boards: readonly string[], limits: ReadonlyMap<string, number> = new Map()) {
    this.#limits = limits
    for (const board of boards) this.#failures.set(board, 0)
  }

  /** After how many failures in a row a board has to show that it is well. */
  limitOf(board: string): number {
    const limit = this.#limits.get(board) ?? usualLimit
    return Number.isFinite(limit) ? limit : usualLimit
  }

  get usable(): readonly string[] {
    return [...this.#failures.keys()]
  }

  /** Free, and well as far as is known. */
  get trusted(): readonly string[] {
    return this.#free.filter(({ board, inARow }) => inARow < this.limitOf(board)).map(({ board }) => board)
  }

  /** Free, but to be looked at. */
  get doubted(): readonly { readonly board: string; readonly inARow: number }[] {
    return this.#free.filter(({ board, inARow }) => inARow >= this.limitOf(board))
  }

  take(board: string): void {
    this.#busy.add(board)
  }

  giveBack(board: string, isWell: boolean): void {
    this.#busy.delete(board)
    this.#failures.set(board, isWell ? 0 : (this.#failures.get(board) ?? 0) + 1)
  }

  remove(board: string): void {
    this.#failures.delete(board)
  }

  get #free(): readonly { readonly board: string; readonly inARow: number }[] {
    return [...this.#failures].flatMap(([board, inARow]) =>
      this.#busy.has(board) ? [] : [{ board, inARow }],
    )
  }
}
