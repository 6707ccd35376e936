import { createInterface, type Interface } from 'node:readline/promises'
import { HilError } from '../../core/errors.ts'
import { wrapWords } from '../../core/wrap-words.ts'
import { nothing, type Answers, type Question } from './questions.ts'

/** How a person is asked: prints, and reads a line. */
export interface Dialogue {
  /** Of a line that is said. */
  readonly columns: number
  say(text: string): void
  ask(prompt: string): Promise<string>
}

/**
 * The answer to each question: as given, else as a person says it, else the usual one.
 * @param dialogue undefined: nobody is there
 * @throws HilError `init.answer`, `init.missing` (environment)
 */
export async function answerQuestions(
  questions: readonly Question[],
  given: Answers,
  dialogue: Dialogue | undefined,
): Promise<Answers> {
  for (const question of questions) {
    const answer = given[question.name]
    const problem = answer === undefined ? undefined : question.problem(answer)
    if (problem !== undefined) throw wrong('init.answer', `--${question.name}: ${problem}`)
  }
  if (dialogue === undefined) assertComplete(questions, given)
  const answers: Record<string, string> = { ...given }
  for (const question of questions) {
    const { name, matters = () => true, usual = '' } = question
    if (answers[name] !== undefined || !matters(answers)) continue
    answers[name] = dialogue === undefined ? usual : await askFor(question, dialogue)
  }
  return answers
}

/** Asks until the answer can be taken. */
async function askFor(question: Question, dialogue: Dialogue): Promise<string> {
  const { ask, choices = [], usual } = question
  const list = choices.flatMap(({ answer, what }, index) =>
    wrapWords(`${answer}${what === '' ? '' : `  (${what})`}`, {
      width: dialogue.columns,
      first: `  ${index + 1}. `,
      rest: '     ',
    }),
  )
  dialogue.say(['', ...wrapWords(ask, { width: dialogue.columns }), ...list, ''].join('\n'))
  for (;;) {
    const typed = (await dialogue.ask(usual === undefined ? '> ' : `[${usual}] > `)).trim()
    const chosen = /^\d{1,2}$/.test(typed) ? choices[Number(typed) - 1]?.answer : undefined
    const answer = chosen ?? (typed === '' ? usual : typed)
    if (answer === undefined) {
      dialogue.say('hil has to know this (Ctrl-C leaves)\n')
      continue
    }
    const problem = question.problem(answer)
    if (problem === undefined) return answer
    dialogue.say(`${wrapWords(problem, { width: dialogue.columns }).join('\n')}\n`)
  }
}

function assertComplete(questions: readonly Question[], given: Answers): void {
  const missing = questions.filter(
    ({ name, usual, matters = () => true }) =>
      given[name] === undefined && usual === undefined && matters(given),
  )
  if (missing.length === 0) return
  const flags = missing.map(({ name }) => `--${name}`)
  const list = flags.length === 1 ? flags.join('') : `${flags.slice(0, -1).join(', ')} and ${flags.at(-1)}`
  throw wrong('init.missing', `nobody can be asked, since there is no terminal: give ${list}`)
}

function wrong(code: string, message: string): HilError {
  return new HilError(code, message, { blame: 'environment' })
}

/** The person at the terminal; `undefined` where there is none. */
export function openDialogue(): (Dialogue & Disposable) | undefined {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return undefined
  const lines: Interface = createInterface({ input: process.stdin, output: process.stdout })
  const leaving = new AbortController()
  // Ctrl-C and Ctrl-D leave, and nothing is written.
  lines.once('SIGINT', () => {
    leaving.abort()
  })
  lines.once('close', () => {
    leaving.abort()
  })
  return {
    get columns() {
      return process.stdout.columns
    },
    say: (text) => {
      process.stdout.write(text)
    },
    async ask(prompt) {
      try {
        return await lines.question(prompt, { signal: leaving.signal })
      } catch (error) {
        if (!leaving.signal.aborted) throw error
        process.stdout.write('\n')
        throw new HilError('init.left', 'left before the last question: nothing was written', {
          blame: 'environment',
        })
      }
    },
    [Symbol.dispose]() {
      lines.close()
    },
  }
}

/** An answer that says something. */
export function told(answer: string | undefined): string | undefined {
  return answer === nothing ? undefined : answer
}
