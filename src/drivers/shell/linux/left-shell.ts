import type { Console } from '../../../board/console.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { clearLine } from '../../framing/clear-line.ts'
import type { LinuxShellOptions } from '../linux.ts'
import { enterAtPrompt } from './line-editor.ts'

/** The prompt of a shell of ours, after Ctrl-C. */
const leftPrompt = /hil-[0-9a-z]{2}> $/

/** What a shell of ours that an earlier session left behind answers: its loop with a mark, or its prompt. */
export const leftShell = { loop: /\x01[0-9a-z]{2}\d{3}\n/, left: leftPrompt } as const

/** Ends such a shell, and asks the one that it was started from to show itself. */
export async function endLeftShell(
  console: Console,
  { echoTimeout, recoveryTimeout }: LinuxShellOptions,
  t: Deadline,
): Promise<void> {
  await clearLine(console, leftPrompt, recoveryTimeout, t)
  const where = `a shell that an earlier session left on ${console.name}`
  const options = { console, where, echoMs: echoTimeout, recoverMs: recoveryTimeout }
  await enterAtPrompt(options, leftPrompt, '[ -z "$s_" ]||stty "$s_";exit', t)
  await console.expect({ 'its end': /hil-[0-9a-z]{2}=\d{1,3}\r{0,1}\n/ }, t)
}
