import type { Deadline } from '../../../core/deadline.ts'
import { childSettings, type ChildShell } from './child-shell.ts'
import { interrupted } from './interrupted.ts'
import { markFormat } from './mark.ts'

/** At the prompt of our shell it enters the loop again. */
export const loopFunction = 'hil_'

/** At a prompt of a child: the next line is read without the line editor, which would break it. */
export async function readOneLine(child: ChildShell, t: Deadline): Promise<void> {
  await child.enterAtPrompt(`echo hil"-"${child.nonce};read -r l_;eval "$l_"`, t)
  const reading = new RegExp(`${interrupted(`hil-${child.nonce}`)}\\r{0,1}\\n`)
  await child.options.console.expect({ 'a shell that reads': reading }, t)
}

/**
 * The mark stands in the loop's condition, so that a `continue` of the command, which then is the
 * loop's, does not skip it, and a `break` is caught by the loop around. Entered again after an error,
 * the loop first tells the status of that. With `set -x` on, the loop itself is traced to nowhere.
 * @param first what is done before it is entered
 */
export function loopLine(nonce: string, first: readonly string[]): string {
  return [
    ...childSettings(nonce),
    ...first,
    'st_(){ set -- $r_;r_=0;return $1;}',
    `${loopFunction}(){ r_=$?;while :;do st_;while printf '${markFormat(nonce)}' $?;IFS= read -r l_||exit;` +
      'do eval "$l_" </dev/null 2>&3 3>&-;done;done 3>&2 2>/dev/null;}',
    loopFunction,
  ].join(';')
}
