import { HilError } from '../../core/errors.ts'

/** Others have it, or it is in quarantine. */
const unavailable: readonly string[] = ['lock.held', 'lab.quarantined', 'place.reserved']

/**
 * Of several boards, the best one first, leases the first that can be had now. Of one alone there is nothing to choose.
 * @param lease without waiting
 * @returns `undefined` where none can be had, or there is but one: the line of the best one is to be joined
 */
export async function firstFree<Board, Leased>(
  boards: readonly Board[],
  lease: (board: Board) => Promise<Leased>,
): Promise<Leased | undefined> {
  for (const board of boards.length > 1 ? boards : []) {
    try {
      return await lease(board)
    } catch (error) {
      if (!(error instanceof HilError && unavailable.includes(error.code))) throw error
    }
  }
  return undefined
}
