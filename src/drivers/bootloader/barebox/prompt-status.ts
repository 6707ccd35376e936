import type { StatusFraming } from '../../framing/prompt-dialect.ts'

/**
 * barebox puts the exit status into its prompt when asked to: `barebox@board:/ [k7:0] `. A command
 * then costs not one character more than it has. The prompt it had is kept in a shell variable.
 * @param isSecond whether an earlier session has done so already
 */
export function setUpPromptStatus(nonce: string, isSecond: boolean): string {
  const keep = isSecond ? '' : 'h_="$PS1";'
  return `${keep}PS1="$h_"'[${nonce}:\\$?] '`
}

/** @param prompt what matched as the prompt before: `barebox@board:/ ` */
export function promptStatus(nonce: string, prompt: string): StatusFraming {
  const head = headOf(prompt)
  return {
    suffix: '',
    end: new RegExp(`\\[${nonce}:(\\d{1,3})\\] `),
    barePrompt: undefined,
    outputOf(text) {
      const start = text.lastIndexOf(head)
      return text.slice(0, start === -1 ? text.lastIndexOf('\n') + 1 : start)
    },
  }
}

/** The part of a prompt that stays when the working directory changes. */
function headOf(prompt: string): string {
  return /^.{1,200}:(?=\/)/.exec(prompt)?.[0] ?? prompt.replace(/\[[a-z0-9]{2}:\d{1,3}\] $/, '')
}
