import type { Console, Match } from '../../../board/console.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { HilError } from '../../../core/errors.ts'
import { timeStampStart } from '../../../kernel/time-stamp.ts'
import type { ChildShell } from './child-shell.ts'
import { endsOf } from './ends.ts'
import type { Mark } from './mark.ts'
import type { Vigil } from './vigil.ts'

export interface Marked {
  /**
   * `exit`: the shell itself ended. `prompt`: the command ended in an error that brings an interactive
   * shell back to its prompt. `gone`: there is no shell left that we know; `gone-before`: nor was there one
   * to send the line to.
   */
  readonly which: 'mark' | 'exit' | 'prompt' | 'gone' | 'gone-before'
  /** Not a number where no status came. */
  readonly status: number
  /** Everything before, kernel messages included. */
  readonly text: string
}

/**
 * Reads what a command prints, up to its mark.
 * @param lead what was read of it already
 * @param vigil sees that no mark will come; for commands of others
 */
export async function untilMark(
  child: ChildShell,
  lead: string,
  t: Deadline,
  vigil?: Vigil,
): Promise<Marked> {
  const { mark } = child
  const { console } = child.options
  let text = lead
  for (;;) {
    const match = vigil === undefined ? await console.expect(endsOf(child), t) : await vigil.expect(t)
    if (match === undefined) return { which: 'gone', status: Number.NaN, text }
    assertNothingLost(match)
    text += match.before
    if (match.which !== 'broken') {
      return { which: match.which, status: Number(match.groups[0]), text: withoutTerminator(text) }
    }
    const rest = await joinBroken(console, mark, match, t)
    text += rest.text
    if (rest.status !== undefined) return { which: 'mark', status: rest.status, text }
  }
}

/**
 * The kernel spoke in the middle of a mark: reads on to the mark's end.
 * @returns what else was read; no status when it was no mark after all
 */
async function joinBroken(console: Console, mark: Mark, broken: Match, t: Deadline) {
  let came = broken.groups[0] ?? ''
  let text = broken.text.slice(came.length)
  for (;;) {
    const message = await console.expect({ 'the end of a kernel message': '\n' }, t)
    text += message.before + message.text
    const next = await console.expect(
      { rest: mark.restAfter(came.length), again: mark.brokenAfter(came.length) },
      t,
    )
    const group = next.groups[0] ?? ''
    if (next.before !== '' && !next.before.endsWith(came)) {
      return { text: came + text + next.before + next.text, status: undefined }
    }
    // A mark of its own came later: what looked like one was output.
    if (next.before !== '') text = came + text + next.before.slice(0, -came.length)
    if (next.which === 'rest') return { text, status: Number(digitsAtEnd(came) + group) }
    came += group
    text += next.text.slice(group.length)
  }
}

/**
 * The two characters in front of a mark, ESC and a backslash, are no text. A kernel message between
 * them takes the ESC away, and the backslash is left over.
 */
function withoutTerminator(text: string): string {
  return cutTerminator.test(text.slice(-longestMessage)) ? text.slice(0, -1) : text
}

const longestMessage = 2048

const cutTerminator = new RegExp(`${timeStampStart}[^\\n]{0,${longestMessage}}\\r\\n\\\\$`)

/** What came of the status, behind SOH and two characters. */
function digitsAtEnd(came: string): string {
  return came.slice(3)
}

function assertNothingLost({ lost }: Match): void {
  if (lost === 0) return
  throw new HilError(
    'command.output-too-large',
    `the command printed so much that the first ${lost} characters had to be dropped: write it to a file and look there`,
    { blame: 'test', details: { lost } },
  )
}
