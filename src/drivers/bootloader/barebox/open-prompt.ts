import type { Console } from '../../../board/console.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { confirmMarker, enterFirstLine } from '../../framing/confirm-marker.ts'
import { isTimeout } from '../../framing/is-timeout.ts'
import { markerStatus } from '../../framing/marker-status.ts'
import { nonce } from '../../framing/nonce.ts'
import { PromptSession } from '../../framing/prompt-session.ts'
import type { BareboxOptions } from '../barebox.ts'
import { promptSource, restart } from './dialect.ts'
import { promptStatus, setUpPromptStatus } from './prompt-status.ts'

/**
 * From a prompt that was seen to one that is confirmed and tells the status of each command.
 * @param seen what matched as the prompt
 */
export async function openPrompt(
  console: Console,
  seen: string,
  options: BareboxOptions,
  t: Deadline,
): Promise<PromptSession> {
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
  const status = promptStatus(mark, seen)
  const setUp = setUpPromptStatus(mark, seen.endsWith('] '))
  await enterFirstLine(console, dialect, new RegExp(`${promptSource(options)}$`), setUp, t)
  if (await comes(console, status.end, echoTimeout, t))
    return new PromptSession(console, { ...dialect, status })
  // Built without CONFIG_HUSH_FANCY_PROMPT: the prompt is fixed.
  return confirmMarker(console, dialect, markerStatus(mark, promptSource(options)), t)
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
