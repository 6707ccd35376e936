import { setTimeout as wait } from 'node:timers/promises'
import { isDeadlineExceeded, type Deadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'

/** The tools list what is plugged in, and none of them tells when that changes. */
const askAgainMs = 300

/**
 * Asks a tool until it sees the board.
 * @param look what the tool sees: whether it is there, and in what words
 * @throws HilError `recovery.absent` (board)
 */
export async function untilAppears(
  what: string,
  look: (t: Deadline) => Promise<{ readonly isThere: boolean; readonly seen: string }>,
  t: Deadline,
): Promise<void> {
  let seen: string | undefined
  for (;;) {
    try {
      const found = await look(t)
      if (found.isThere) return
      seen = found.seen.trim()
      await wait(askAgainMs, undefined, { signal: t.signal })
    } catch (error) {
      // A tool that answered before, and is still at it when the time is up, is not what fails.
      if (seen === undefined || !t.signal.aborted) throw error
      // Who gave up waiting has seen nothing of the board.
      if (!isDeadlineExceeded(t.signal.reason)) t.throwIfOver()
      throw new HilError(
        'recovery.absent',
        `${what} did not appear; ${seen === '' ? 'nothing did' : `there is ${JSON.stringify(seen)}`}`,
        { blame: 'board', details: { what, seen } },
      )
    }
  }
}
