import type { Console, Pattern } from '../../board/console.ts'
import type { Deadline } from '../../core/deadline.ts'
import { isTimeout } from './is-timeout.ts'

export const ctrlC = '\x03'

/** Ctrl-C may get lost as well. */
const tries = 3

/** Ctrl-C until the prompt is there. @param recoverMs for all tries together */
export async function clearLine(
  console: Console,
  prompt: Pattern,
  recoverMs: number,
  t: Deadline,
): Promise<void> {
  for (let left = tries; left > 0; left--) {
    await console.write(ctrlC, t)
    using budget = t.within(recoverMs / tries, 'the prompt after Ctrl-C')
    try {
      await console.expect({ prompt }, budget)
      return
    } catch (error) {
      if (!isTimeout(error) || left === 1) throw error
      t.throwIfOver()
    }
  }
}
