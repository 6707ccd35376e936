import type { Console } from '../../../board/console.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { clearLine } from '../../framing/clear-line.ts'
import { isTimeout } from '../../framing/is-timeout.ts'
import type { LinuxShellOptions } from '../linux.ts'
import { enterAtPrompt } from './line-editor.ts'
import type { LoginOptions } from './log-in.ts'

/** Kills what may stand on the line (Ctrl-U), then Enter: harmless at a prompt, and elsewhere. */
const knock = '\x15\r'

/**
 * Whether a login prompt or a shell answers to Enter. A shell of ours that an earlier session left
 * behind is ended first.
 */
export async function findShell(
  console: Console,
  { prompt, loginPrompt }: LoginOptions,
  options: LinuxShellOptions,
  t: Deadline,
): Promise<boolean> {
  const knockAndSee = async () => {
    console.discard()
    await console.write(knock, t)
    using budget = t.within(options.echoTimeout, 'a prompt')
    return await console.expect(
      { prompt, login: loginPrompt, loop: /\x01[0-9a-z]{2}\d{3}\n/, left: leftPrompt },
      budget,
    )
  }
  try {
    const { which } = await knockAndSee()
    if (which === 'loop' || which === 'left') await endLeftShell(console, options, t)
    // What was seen is consumed: it is asked to show itself again.
    await console.write(knock, t)
    return true
  } catch (error) {
    if (!isTimeout(error)) throw error
    t.throwIfOver()
    return false
  }
}

/** The prompt of a shell of ours, after Ctrl-C. */
const leftPrompt = /hil-[0-9a-z]{2}> $/

async function endLeftShell(
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
