import type { Console } from '../../../board/console.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { confirmMarker, enterFirstLine } from '../../framing/confirm-marker.ts'
import { isTimeout } from '../../../core/is-timeout.ts'
import { markerStatus } from '../../framing/marker-status.ts'
import { nonce } from '../../framing/nonce.ts'
import { PromptSession } from '../../framing/prompt-session.ts'
import type { BareboxOptions } from '../barebox.ts'
import { promptSource, restart } from './dialect.ts'
import { promptStatus, restoredPrompt, restorePrompt, setUpPromptStatus } from './prompt-status.ts'

/** A prompt that is confirmed and tells the status of each command. */
export interface OpenPrompt {
  readonly session: PromptSession
  /** Hands the line on, the prompt as it was found. */
  leave(owner: string, t: Deadline): Promise<Console>
}

/** @param found what matched as the prompt */
export async function openPrompt(
  console: Console,
  found: string,
  options: BareboxOptions,
  t: Deadline,
): Promise<OpenPrompt> {
  const { lineLength, echoTimeout, recoveryTimeout } = options
  const dialect = {
    name: 'barebox',
    maximumLine: lineLength,
    spareOfLine: 0,
    restart,
    echoMs: echoTimeout,
    recoverMs: recoveryTimeout,
  }
  const mark = nonce()
  const status = promptStatus(mark)
  const prompt = new RegExp(`${promptSource(options)}$`)
  await enterFirstLine(console, dialect, prompt, setUpPromptStatus(mark, found), t)
  if (!(await comes(console, status.end, echoTimeout, t))) {
    // Built without CONFIG_HUSH_FANCY_PROMPT: the prompt is fixed.
    const session = await confirmMarker(console, dialect, markerStatus(mark, promptSource(options)), t)
    return { session, leave: (owner) => Promise.resolve(session.release(owner)) }
  }
  const session = new PromptSession(console, { ...dialect, status })
  return {
    session,
    async leave(owner, whole) {
      using budget = whole.within(recoveryTimeout, 'giving the prompt back')
      const line = await session.submit(restorePrompt, budget)
      await line.expect({ 'prompt as it was': restoredPrompt(found, prompt) }, budget)
      return session.release(owner)
    },
  }
}

async function comes(console: Console, pattern: RegExp, ms: number, t: Deadline): Promise<boolean> {
  using budget = t.within(ms, 'the status in the prompt')
  try {
    await console.expect({ 'the status in the prompt': pattern }, budget)
    return true
  } catch (error) {
    if (!isTimeout(error)) throw error
    t.throwIfOver()
    return false
  }
}
