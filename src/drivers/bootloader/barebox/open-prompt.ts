import type { Console } from '../../../board/console.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { clearLine } from '../../framing/clear-line.ts'
import { isTimeout } from '../../framing/is-timeout.ts'
import { markerStatus } from '../../framing/marker-status.ts'
import { nonce } from '../../framing/nonce.ts'
import { PromptSession, type StatusFraming } from '../../framing/prompt-session.ts'
import { typeLine } from '../../framing/type-line.ts'
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
  const prompt = new RegExp(promptSource(options))
  const mark = nonce()
  const session = (status: StatusFraming) =>
    new PromptSession(console, {
      name: 'barebox',
      status,
      maximumLine: lineLength,
      restart,
      echoMs: echoTimeout,
      recoverMs: recoveryTimeout,
    })
  const enter = async (line: string) => {
    const clear = () => clearLine(console, prompt, recoveryTimeout, t)
    await typeLine(
      { console, where: `the barebox prompt of ${console.name}`, echoMs: echoTimeout, clear },
      line,
      t,
    )
    await console.write('\r', t)
  }

  const inPrompt = promptStatus(mark, seen)
  await enter(setUpPromptStatus(mark, seen.endsWith('] ')))
  if (await comes(console, inPrompt.end, echoTimeout, t)) return session(inPrompt)

  // Built without CONFIG_HUSH_FANCY_PROMPT: the prompt is fixed.
  const byMarker = markerStatus(mark, promptSource(options))
  await enter(byMarker.setUp)
  await console.expect({ prompt }, t)
  const confirmed = session(byMarker)
  await confirmed.run('true', t)
  return confirmed
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
