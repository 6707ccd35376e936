import type { Deadline } from '../../../core/deadline.ts'
import type { PromptSession } from '../../framing/prompt-session.ts'
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

/** Joins words by spaces into as few texts as the limit allows. */
export function groupByLength(words: readonly string[], limit: number): readonly string[] {
  const groups: string[] = []
  for (const word of words) {
    const last = groups.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= limit)
      groups[groups.length - 1] = `${last} ${word}`
    else groups.push(word)
  }
  return groups
}
