import type { Deadline } from '../../../core/deadline.ts'
import type { PromptSession } from '../../framing/prompt-session.ts'
import { groupByLength } from '../group-by-length.ts'
import { setGlobal } from './globals.ts'

/** Room for `global linux.bootargs.dyn.hil00=''`. */
const overhead = 40

/**
 * Adds to the kernel's command line, for the next boot attempt: barebox joins all
 * `global.linux.bootargs.*` in the order of their names, and empties those named `dyn.*` after each
 * attempt, a dry run included.
 */
export async function setBootargs(
  session: PromptSession,
  bootargs: readonly string[],
  t: Deadline,
): Promise<void> {
  const groups = groupByLength(bootargs, session.maximumLine - overhead)
  for (const [index, group] of groups.entries()) {
    const name = index === 0 ? 'hil' : `hil${String(index).padStart(2, '0')}`
    await setGlobal(session, `linux.bootargs.dyn.${name}`, group, t)
  }
}
