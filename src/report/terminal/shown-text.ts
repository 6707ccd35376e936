import { plainText } from '../rendered-text.ts'

/**
 * Text from anywhere for a terminal or a CI log: no controls, and no line that GitHub's runner would
 * take for a workflow command.
 */
export function shownText(text: string): string {
  return plainText(text).replace(/^(\s*):(?=:)/gm, '$1: ')
}

/** The same for what has to stay on one line: titles, names, commands. */
export function shownLine(text: string): string {
  return shownText(text.replace(/[\r\n]+/g, ' '))
    .replaceAll('\n', ' ')
    .trim()
}
