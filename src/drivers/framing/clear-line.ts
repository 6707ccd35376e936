import type { Console, Pattern } from '../../board/console.ts'
import type { Deadline } from '../../core/deadline.ts'
import { isTimeout } from '../../core/is-timeout.ts'

export const ctrlC = '\x03'

/**
 * Ctrl-C may get lost as well, so it is typed again soon; but a board that is busy must have time to answer, so each
 * wait is twice as long as the one before. Shares of the whole time.
 */
const waits = [1 / 7, 2 / 7, 4 / 7]

/** Ctrl-C until the prompt is there. @param recoverMs for all tries together */
export async function clearLine(
  console: Console,
  prompt: Pattern,
  recoverMs: number,
  t: Deadline,
): Promise<void> {
  for (const [index, share] of waits.entries()) {
    await console.write(ctrlC, t)
    using budget = t.within(recoverMs * share, 'the prompt after Ctrl-C')
    try {
      await console.expect({ prompt }, budget)
      return
    } catch (error) {
      if (!isTimeout(error) || index === waits.length - 1) throw error
      t.throwIfOver()
    }
  }
}
