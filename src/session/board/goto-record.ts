import { givenUpError } from './board-errors.ts'

export interface FailedGoto {
  readonly state: string
  readonly error: unknown
}

/** Tests that each wait for a board which is dead would take hours to say so. */
const maximumInARow = 3

/** Which states of a board could be reached lately. */
export class GotoRecord {
  readonly #board: string
  readonly #failuresInARow = new Map<string, number>()
  #lastFailure: FailedGoto | undefined

  constructor(board: string) {
    this.#board = board
  }

  /** The failure that left the board where it is, if one did. */
  get lastFailure(): FailedGoto | undefined {
    return this.#lastFailure
  }

  /** @throws HilError `board.given-up` with the blame of the last failure */
  assertWorthwhile(state: string): void {
    const times = this.#failuresInARow.get(state) ?? 0
    const failure = this.#lastFailure
    if (times < maximumInARow || failure === undefined) return
    throw givenUpError(this.#board, times, failure)
  }

  reached(state: string): void {
    this.#failuresInARow.delete(state)
    this.#lastFailure = undefined
  }

  failed(state: string, error: unknown): void {
    this.#failuresInARow.set(state, (this.#failuresInARow.get(state) ?? 0) + 1)
    this.#lastFailure = { state, error }
  }
}
