import type { Deadline } from '../core/deadline.ts'
import { isTimeout } from '../core/is-timeout.ts'
import type { Console, Match, Pattern } from './console.ts'

/** Who may be at the other end of a line: a bootloader at its prompt, a shell. */
export interface Answering<Handle> {
  /** What an empty line is answered with, by names of the driver's own. */
  readonly answers: Readonly<Record<string, Pattern>>
  /** Time that an answer may take, in milliseconds. */
  readonly answerWithin: number
  /**
   * From an answer that was seen just now, and is consumed, to a handle.
   * @param answer with the name of its pattern in `answers` as `which`
   */
  recognise(console: Console, answer: Match, t: Deadline): Promise<Handle>
}

/** Kills what may stand on the line (Ctrl-U), then Enter: harmless at a prompt, and elsewhere. */
const knock = '\x15\r'

/**
 * Asks all at once with one empty line. Where two of them would answer alike, the first one did.
 * @returns `undefined` where nobody answers in time
 */
export async function whoAnswers<Who extends string>(
  console: Console,
  asked: Readonly<Record<Who, Pick<Answering<unknown>, 'answers' | 'answerWithin'>>>,
  t: Deadline,
): Promise<{ readonly who: Who; readonly answer: Match } | undefined> {
  const all = Object.keys(asked) as Who[]
  const patterns = Object.fromEntries(
    all.flatMap((who) =>
      Object.entries(asked[who].answers).map(([which, pattern]) => [`${who}.${which}`, pattern] as const),
    ),
  )
  // What came before is no answer.
  console.discard()
  await console.write(knock, t)
  using budget = t.within(Math.max(...all.map((who) => asked[who].answerWithin)), 'a prompt')
  try {
    const match = await console.expect(patterns, budget)
    const [who, which] = match.which.split('.', 2) as [Who, string]
    return { who, answer: { ...match, which } }
  } catch (error) {
    if (!isTimeout(error)) throw error
    t.throwIfOver()
    return undefined
  }
}

/** A handle when it answers now, `undefined` when it does not. */
export async function probe<Handle>(
  console: Console,
  asked: Answering<Handle>,
  t: Deadline,
): Promise<Handle | undefined> {
  const found = await whoAnswers(console, { asked }, t)
  return found && asked.recognise(console, found.answer, t)
}
