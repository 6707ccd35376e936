import type { Console, Match, Pattern } from '../../board/console.ts'
import type { Deadline } from '../../core/deadline.ts'
import { escapeRegExp } from '../../core/escape-reg-exp.ts'
import { garbledError, tooLongError } from './command-errors.ts'
import { isTimeout } from '../../core/is-timeout.ts'
import { never } from './never.ts'

/** Something that echoes what is typed and runs it at CR: a line editor, a terminal. */
export interface EchoingPrompt {
  readonly console: Console
  /** For messages: `the barebox prompt of rock3a`. */
  readonly where: string
  /** How long an echo may take beyond its time on the wire, in milliseconds. */
  readonly echoMs: number
  /** Throws away what was typed and waits for a fresh prompt. */
  clear(t: Deadline): Promise<void>
  /** Whether it is an editor of a terminal: breaks lines where the terminal's end, and may ask for its cursor. */
  readonly edits?: boolean
  /** Ways to take out of an echo what may legitimately stand between the characters. */
  readonly clean?: readonly ((echo: string) => string)[]
  /** Seen instead of the echo, this ends the attempt by throwing. */
  readonly trouble?: { readonly pattern: Pattern; readonly onSeen: (match: Match) => Error }
}

/** How often a line is typed that does not come out right. */
export const attempts = 4

/** What a character needs at 9600 baud, 8N1, in and out. */
export const perCharacterMs = 2.1

/**
 * Types a line, and sends it once its echo came back whole: a lost, garbled or foreign character is
 * thrown away with the line and typed again, and never becomes part of a command. The line ends in a
 * space of ours, so that a last character that came twice is seen too.
 * @returns what came between the echo and the line end that answers to CR, this included
 * @throws HilError `command.garbled` (infrastructure), `command.too-long` (test)
 */
export async function enterLine(prompt: EchoingPrompt, line: string, t: Deadline): Promise<string> {
  const echoes: string[] = []
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const wrongEcho = await typeOnce(prompt, `${line} `, attempt === 1, t)
    if (wrongEcho === undefined) {
      const answer = await sendReturn(prompt, t)
      if (answer !== undefined) return answer
    }
    echoes.push(wrongEcho ?? `${line} , and no line end`)
    await prompt.clear(t)
    if (isFull(wrongEcho, line)) throw tooLongError(prompt.where, line, (wrongEcho?.length ?? 1) - 1)
  }
  throw garbledError(prompt.where, line, echoes)
}

/**
 * Where the terminal is asked where its cursor is, it says so behind the line: busybox ash waits 20 ms
 * at Enter for who did not (read_line_input of its libbb/lineedit.c). Behind the answer comes another
 * space, whose echo is looked at as well: what is lost of the answer would become part of the line.
 * @returns what was echoed instead, `undefined` when the echo was right
 */
async function typeOnce(
  prompt: EchoingPrompt,
  line: string,
  answers: boolean,
  t: Deadline,
): Promise<string | undefined> {
  const { echo, cursorAsked } = await typeAndSee(prompt, line, t)
  if (echo !== undefined || !cursorAsked || !answers || prompt.edits !== true) return echo
  const second = await typeAndSee(prompt, ' ', t, `${cursorPosition} `)
  return second.echo === undefined ? undefined : `${line}${second.echo}`
}

/**
 * Some place far from the first column, where no editor believes the prompt to end: what is at stake is
 * only whether it was answered. With two digits each, so that it begins like no key (`ESC [ 1 ; 5 D`).
 */
const cursorPosition = '\x1b[24;80R'

/** @param typed what is typed to have `line` echoed */
async function typeAndSee(
  prompt: EchoingPrompt,
  line: string,
  t: Deadline,
  typed = line,
): Promise<{ readonly echo: string | undefined; readonly cursorAsked?: boolean }> {
  const { console, clean = [], trouble } = prompt
  await console.write(typed, t)
  using budget = t.within(prompt.echoMs + typed.length * perCharacterMs, 'the echo')
  try {
    const match = await console.expect(
      {
        echo: line,
        // The end of the line came, but not all of it: no need to wait for the rest.
        end: prompt.edits === true ? wrappedEnd(uniqueEnd(line)) : uniqueEnd(line),
        full: bell,
        trouble: trouble?.pattern ?? never,
      },
      budget,
    )
    if (match.which === 'trouble' && trouble !== undefined) throw trouble.onSeen(match)
    const echo = match.before + match.text
    const isRight = echo === line || clean.some((cleaned) => cleaned(echo) === line)
    return { echo: isRight ? undefined : echo, cursorAsked: match.cursorAsked }
  } catch (error) {
    if (!isTimeout(error)) throw error
    t.throwIfOver()
    return { echo: console.lastLines(1)[0] ?? '' }
  }
}

/**
 * CR, and again when nothing at all answers: it may get lost like any other character. An empty line
 * more than needed does no harm.
 * @returns `undefined` when something else than a line end came: CR became another character
 */
async function sendReturn(prompt: EchoingPrompt, t: Deadline): Promise<string | undefined> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    await prompt.console.write('\r', t)
    using budget = t.within(prompt.echoMs, 'the line end')
    const came = await awaitLineEnd(prompt, budget, t)
    if (came !== 'nothing') return came === 'something else' ? undefined : came.text
  }
  return undefined
}

/** A driver of the board may speak first, in lines of its own: the end that answers to CR has nothing before it. */
async function awaitLineEnd(
  { console, trouble }: EchoingPrompt,
  budget: Deadline,
  t: Deadline,
): Promise<{ text: string } | 'nothing' | 'something else'> {
  let text = ''
  let hasSomething = false
  try {
    for (;;) {
      const match = await console.expect(
        {
          'a line end': '\n',
          something: hasSomething ? never : /(?=[^\r\n])/,
          trouble: trouble?.pattern ?? never,
        },
        budget,
      )
      if (match.which === 'trouble' && trouble !== undefined) throw trouble.onSeen(match)
      text += match.before + match.text
      if (match.which === 'a line end' && match.before.trim() === '') return { text }
      hasSomething = true
    }
  } catch (error) {
    if (!isTimeout(error)) throw error
    t.throwIfOver()
    return hasSomething ? 'something else' : 'nothing'
  }
}

/** The shortest end of a line, of some length, that stands nowhere else in it. */
function uniqueEnd(line: string): string {
  let length = Math.min(line.length, 6)
  while (length < line.length && line.indexOf(line.slice(-length)) !== line.length - length) length++
  return line.slice(-length)
}

function wrappedEnd(end: string): RegExp | string {
  if (end.length > 6) return end
  return new RegExp([...end].map((character) => escapeRegExp(character)).join('[\\r\\n]{0,3}'))
}

/** What rings when a line is full. */
export const bell = '\x07'

/** Whether all came until the line was full; a bell alone may be noise. */
function isFull(echo: string | undefined, line: string): boolean {
  return echo !== undefined && echo.endsWith(bell) && echo.length > 64 && line.startsWith(echo.slice(0, -1))
}
