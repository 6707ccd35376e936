import type { Console, Match, Pattern } from '../../board/console.ts'
import { formatChain, type Deadline } from '../../core/deadline.ts'
import { escapeRegExp } from '../../core/escape-reg-exp.ts'
import { firstKernelLine } from '../../kernel/first-line.ts'
import { isTimeout } from '../../core/is-timeout.ts'
import { ctrlC } from '../framing/clear-line.ts'
import { never } from '../framing/never.ts'
import { noPromptError } from './no-prompt.ts'

interface Question {
  readonly ask: RegExp
  readonly answer: string
  /** What it means when it is asked again and again, as of a password. */
  readonly ifRepeated?: string
}

/** A character of an answer may get lost, and no echo of a password tells. */
const answersTried = 2

/** How one kind of bootloader announces its autoboot, and what stops it. */
export interface AutobootDialect {
  readonly name: string
  readonly announcement: RegExp
  /** The counter redrawn: the key was not seen in time, or is not the right one. */
  readonly tick: RegExp
  readonly prompt: RegExp
  /** It went on to boot; too late. */
  readonly booting: RegExp
  /** What stops the autoboot. */
  keyFor(announcement: Match): string
  /** Questions of the bootloader on the way, and what to answer. */
  readonly questions: readonly Question[]
  /** Send this over and over from power-on, for boards that wait for no time at all. */
  readonly fromPowerOn: string | undefined
}

export function passwordQuestion(ask: RegExp, password: string): Question {
  const ifRepeated = 'it does not take the password of the environment; look at bootloader.password'
  return { ask, answer: `${password}\r`, ifRepeated }
}

/** Between two keys of `fromPowerOn`. */
const repeatMs = 50

/**
 * Waits for the autoboot prompt, stops it, and returns what matched as the prompt.
 * @throws HilError `bootloader.no-prompt` (board; infrastructure where the line is garbled)
 */
export async function stopAutoboot(console: Console, dialect: AutobootDialect, t: Deadline): Promise<Match> {
  const patterns: Record<string, Pattern> = {
    prompt: dialect.prompt,
    announcement: dialect.announcement,
    booting: dialect.booting,
    kernel: firstKernelLine,
    tick: never,
    typed: promptWith(dialect, dialect.fromPowerOn ?? ''),
    ...Object.fromEntries(dialect.questions.map(({ ask }, index) => [`question ${index}`, ask])),
  }
  const answers = new Map<string, number>()
  let key = dialect.fromPowerOn ?? ''
  let repeated = dialect.fromPowerOn
  const send = async (next: string) => {
    key = next
    patterns['typed'] = promptWith(dialect, key)
    await console.write(key, t)
  }
  try {
    for (;;) {
      const match = await waitFor(console, patterns, repeated, t)
      switch (match.which) {
        case 'prompt':
          return match
        case 'announcement':
          patterns['tick'] = dialect.tick
          await send(dialect.keyFor(match))
          break
        case 'tick':
          await send(key)
          break
        case 'typed':
          // Something else had stopped it already: an Enter from before power-on, a person.
          repeated = undefined
          await console.write(ctrlC, t)
          break
        case 'booting':
        case 'kernel':
          throw noPromptError(console, dialect.name, `: ${whyTooLate(key)}`)
        default: {
          const question = dialect.questions[Number(match.which.slice(9))]
          const answered = (answers.get(match.which) ?? 0) + 1
          answers.set(match.which, answered)
          if (question?.ifRepeated !== undefined && answered > answersTried) {
            throw noPromptError(console, dialect.name, `: ${question.ifRepeated}`)
          }
          await console.write(question?.answer ?? '', t)
        }
      }
    }
  } catch (error) {
    if (!isTimeout(error)) throw error
    throw noPromptError(console, dialect.name, ` in time (${formatChain(t.chain())})`, error)
  }
}

/** How many keys may have arrived too late, at the prompt. */
const lateKeys = 64

/** The prompt with keys behind it that were to stop the autoboot: it shows those that are no control characters. */
function promptWith({ prompt }: AutobootDialect, key: string): RegExp {
  if (!/^[ -~]{1,100}$/.test(key)) return never
  return new RegExp(`${prompt.source.replace(/\$$/, '')}(?:${escapeRegExp(key)}){1,${lateKeys}}$`)
}

async function waitFor(
  console: Console,
  patterns: Readonly<Record<string, Pattern>>,
  key: string | undefined,
  t: Deadline,
): Promise<Match> {
  while (key !== undefined) {
    await console.write(key, t)
    using pause = t.within(repeatMs, 'the pause between two keys')
    try {
      return await console.expect(patterns, pause)
    } catch (error) {
      if (!isTimeout(error)) throw error
      t.throwIfOver()
    }
  }
  return console.expect(patterns, t)
}

function whyTooLate(key: string): string {
  return key === ''
    ? 'it boots without having announced its autoboot; where it waits for no time, set interrupt-from-power-on'
    : `it boots although ${JSON.stringify(key)} was sent to stop it; look at the key it asks for and set interrupt`
}
