import { HilError } from '../../../core/errors.ts'
import { quoteCommand } from '../../framing/command-errors.ts'

interface ShellEnded {
  /** For messages: `the shell of rock3a`. */
  readonly where: string
  /** The last one that ran; none where nothing has run yet. */
  readonly command: string | undefined
  /** The one that was to run next, and found the shell gone. */
  readonly notSent: string | undefined
  /** The prompt on the console. */
  readonly seen: string
}

/** A prompt that is not our shell's has the console, and answers. */
export function shellEnded({ where, command, notSent, seen }: ShellEnded): HilError {
  const after = command === undefined ? 'soon after the login' : `by ${quoteCommand(command)}`
  const due = notSent === undefined ? 'where its end was due' : `where ${quoteCommand(notSent)} was to be run`
  return new HilError(
    'shell.ended',
    `${where} was ended ${after}, or another was started on its console: ${due} stands ${JSON.stringify(seen)}, which answers to Enter; ` +
      'what ends or starts a login shell has to run beside the console, by setsid or over SSH',
    { blame: 'test', details: { command, seen, ...(notSent !== undefined && { notSent }) } },
  )
}
