import type { Console } from '../../board/console.ts'
import type { Deadline } from '../../core/deadline.ts'
import { isTimeout } from '../framing/is-timeout.ts'

/** Kills what may stand on the line (Ctrl-U), then an empty command: harmless at a prompt, and elsewhere. */
const knock = '\x15\r'

/** The prompt that answers to an empty line, `undefined` where none does in time. */
export async function probePrompt(
  console: Console,
  prompt: RegExp,
  answerMs: number,
  t: Deadline,
): Promise<string | undefined> {
  console.discard()
  await console.write(knock, t)
  using budget = t.within(answerMs, 'a prompt')
  try {
    return (await console.expect({ prompt }, budget)).text
  } catch (error) {
    if (!isTimeout(error)) throw error
    t.throwIfOver()
    return undefined
  }
}
