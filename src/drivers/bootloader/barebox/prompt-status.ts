import { escapeRegExp } from '../../../core/escape-reg-exp.ts'
import type { StatusFraming } from '../../framing/prompt-dialect.ts'

/** Our prompt, and one that a session left behind which ended without giving the line back. */
export const ourPrompt = String.raw`^hil-[a-z0-9]{2}:\d{1,3}> `

const isOurs = new RegExp(`${ourPrompt}$`)

/**
 * barebox puts the exit status into its prompt when asked to: `hil-k7:0> `. A command then costs not one
 * character more than it has. The prompt it had is kept in a shell variable, where a second session
 * finds it as well.
 * @param found what matched as the prompt
 */
export function setUpPromptStatus(nonce: string, found: string): string {
  const keep = isOurs.test(found) ? '' : 'h_="$PS1";'
  return `${keep}PS1='hil-${nonce}:\\$?> '`
}

/** Gives barebox the prompt back that it had. */
export const restorePrompt = 'PS1="$h_"'

/**
 * The prompt that comes back, wherever the working directory is by now.
 * @param pattern what prompts are recognised by
 */
export function restoredPrompt(found: string, pattern: RegExp): RegExp {
  const head = /^(.{1,200}:)\/\S{0,200} $/.exec(found)?.[1]
  return head === undefined ? pattern : new RegExp(`^${escapeRegExp(head)}\\/[^\\n]{0,200} $`)
}

export function promptStatus(nonce: string): StatusFraming {
  return {
    suffix: '',
    end: new RegExp(`hil-${nonce}:(\\d{1,3})> `),
    barePrompt: undefined,
    outputOf: (text) => text,
  }
}
