import type { Console } from '../../board/console.ts'
import type { Deadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'
import type { PromptSession } from '../framing/prompt-session.ts'
import { said } from './run-ok.ts'

/**
 * `reset`, and the proof of it: the banner comes again. The old prompt, which may still stand on the
 * line, is none.
 */
export async function resetFromPrompt(
  session: PromptSession,
  name: string,
  banner: RegExp,
  t: Deadline,
): Promise<Console> {
  const console = await session.submit('reset', t)
  const match = await console.expect({ banner, prompt: session.promptAgain }, t)
  if (match.which === 'banner') return session.release(`whoever waits for ${name} to start again`)
  throw new HilError(
    'bootloader.reset-failed',
    `${name} did not reset ${console.name}: ${said(match.before)}`,
    {
      blame: 'board',
      details: { output: match.before },
    },
  )
}
