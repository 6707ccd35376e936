import type { Console, Match, Pattern } from '../../../board/console.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { HilError } from '../../../core/errors.ts'
import { isTimeout, receivedDuring } from '../../../core/is-timeout.ts'

export interface LoginOptions {
  readonly user: string
  readonly password: string | undefined
  readonly prompt: RegExp
  readonly loginPrompt: RegExp
  readonly nudgeAfterMs: number
}

/** How often a login is tried: a character of the password may get lost, and no echo tells. */
const tries = 2

const shownLines = 8

/** What was seen already, and is consumed. */
export type Seen = 'prompt' | 'login'

/**
 * Waits for a prompt of a shell, and logs in where that is asked for. The prompt is consumed.
 * @throws HilError `shell.login-refused` (environment), `shell.no-prompt` (board)
 */
export async function logIn(
  console: Console,
  options: LoginOptions,
  t: Deadline,
  seen?: Seen,
): Promise<void> {
  const patterns: Record<'prompt' | 'login' | 'password' | 'activate' | 'refused', Pattern> = {
    prompt: options.prompt,
    login: options.loginPrompt,
    password: /[Pp]assword(?: for [^\n:]{1,40})?: {0,1}/,
    activate: /Please press Enter to activate this console\./,
    refused: /Login incorrect|Login timed out|Authentication failure|[Pp]ermission denied/,
  }
  const next = () => waitFor(console, patterns, options.nudgeAfterMs, t)
  let refusals = 0
  for (let match = seen === undefined ? await next() : { which: seen, text: '' }; ; match = await next()) {
    switch (match.which) {
      case 'prompt':
        return
      case 'login':
        await console.write(`${options.user}\r`, t)
        break
      case 'password':
        if (options.password === undefined)
          throw refused(console, options, 'it asks for a password, and the environment has none')
        await console.write(`${options.password}\r`, t)
        break
      case 'activate':
        await console.write('\r', t)
        break
      case 'refused':
        refusals++
        if (refusals >= tries) throw refused(console, options, `it said "${match.text}" ${refusals} times`)
    }
  }
}

/**
 * A login prompt may have been overwritten by a kernel message, or wait for Enter without a word. So
 * after a silence one Enter is sent, and another only when the board has said something since.
 */
async function waitFor<Name extends string>(
  console: Console,
  patterns: Readonly<Record<Name, Pattern>>,
  nudgeAfterMs: number,
  t: Deadline,
): Promise<Match<Name>> {
  let mayNudge = true
  try {
    for (;;) {
      using silence = t.within(nudgeAfterMs, 'silence')
      try {
        return await console.expect(patterns, silence)
      } catch (error) {
        if (!isTimeout(error)) throw error
        t.throwIfOver()
        if (receivedDuring(error) > 0) mayNudge = true
        else if (mayNudge) {
          mayNudge = false
          await console.write('\r', t)
        }
      }
    }
  } catch (error) {
    throw isTimeout(error) ? noPrompt(console, error) : error
  }
}

function noPrompt(console: Console, cause: HilError): HilError {
  const seen = console.lastLines(shownLines)
  const said =
    seen.length === 0 ? 'the console stayed silent' : `the console said last:\n  ${seen.join('\n  ')}`
  return new HilError('shell.no-prompt', `no login and no shell prompt on ${console.name} in time; ${said}`, {
    blame: 'board',
    details: { seen },
    cause,
  })
}

function refused(console: Console, { user, password }: LoginOptions, why: string): HilError {
  return new HilError(
    'shell.login-refused',
    `${console.name} did not let "${user}" log in ${password === undefined ? 'without a password' : 'with the password of the environment'}: ${why}; look at shell.user and shell.password`,
    { blame: 'environment', details: { user } },
  )
}
