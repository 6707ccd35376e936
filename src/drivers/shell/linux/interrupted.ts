import { escapeRegExp } from '../../../core/escape-reg-exp.ts'

/** As narrow as a pattern for waiting may be: a bracket, and the rest of its line. */
const message = String.raw`\[[^\n]{0,400}\n`

/**
 * The source of a pattern for text that the kernel may have spoken into once, at any place: on a serial
 * console its messages go out between two characters of a program.
 */
export function interrupted(text: string): string {
  const whole = escapeRegExp(text)
  const broken = [...text].map(
    (_, at) => `${escapeRegExp(text.slice(0, at))}${message}${escapeRegExp(text.slice(at))}`,
  )
  return `(?:${[whole, ...broken.slice(1)].join('|')})`
}
