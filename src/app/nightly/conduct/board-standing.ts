import type { CellAttempt } from '../../../core/night-record.ts'
import { isPass } from '../../../core/verdicts.ts'

/** What a night makes of a board by what came of its last cells. */
export type Standing = 'trusted' | 'to-be-checked' | 'out'

/** So many times a board may fail to show that it is well. */
const healthTries = 2

/** How a board stands in a night: whether it has to show that it is well before its next cell. */
export class BoardStanding {
  readonly #limit: number
  readonly #canCheck: boolean
  #failuresInARow = 0
  #failedChecks = 0
  #standing: Standing

  /** @param limit so many failures of its bench in a row make a board doubtful; 0: never */
  constructor(limit: number, canCheck: boolean) {
    this.#limit = limit
    this.#canCheck = canCheck
    this.#standing = canCheck ? 'to-be-checked' : 'trusted'
  }

  get now(): Standing {
    return this.#standing
  }

  /** `3 times in a row` and the like is what a person wants to know. */
  get failuresInARow(): number {
    return this.#failuresInARow
  }

  /** What its health check came to. It may fail once: a process killed from outside says nothing of the board. */
  countCheck({ verdict }: Pick<CellAttempt, 'verdict'>): Standing {
    if (isPass(verdict)) {
      this.#failuresInARow = this.#failedChecks = 0
      this.#standing = 'trusted'
    } else {
      this.#failedChecks++
      if (this.#failedChecks >= healthTries) this.#standing = 'out'
    }
    return this.#standing
  }

  count({ verdict, isOfHost }: Pick<CellAttempt, 'verdict' | 'isOfHost'>): void {
    // That says nothing of the board, neither good nor bad.
    if (isOfHost === true) return
    this.#failuresInARow = verdict === 'infrastructure-failed' ? this.#failuresInARow + 1 : 0
    if (this.#limit > 0 && this.#failuresInARow >= this.#limit)
      this.#standing = this.#canCheck ? 'to-be-checked' : 'out'
  }
}
