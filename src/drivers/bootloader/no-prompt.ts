import type { Console } from '../../board/console.ts'
import { HilError } from '../../core/errors.ts'

const shownLines = 8

/** The error of `BootloaderDriver.interrupt`. @param why follows the name of the console */
export function noPromptError(console: Console, bootloader: string, why: string, cause?: unknown): HilError {
  const seen = console.lastLines(shownLines)
  const text = seen.join('\n  ')
  const isLineBad = isGarbled(text)
  const what = isLineBad
    ? 'the console is garbled, so check its baud rate and its cable: it said last'
    : 'the console said last'
  const said = seen.length === 0 ? 'the console stayed silent' : `${what}:\n  ${text}`
  return new HilError('bootloader.no-prompt', `no ${bootloader} prompt on ${console.name}${why}; ${said}`, {
    blame: isLineBad ? 'infrastructure' : 'board',
    details: { bootloader, seen },
    cause,
  })
}

/** So many characters that could not be decoded are no accident, where they are this share of the text. */
const leastDamage = { count: 3, share: 0.01 }

/** Whether a line is bad: no bootloader talks like that, while a kernel that has the baud rate wrong does. */
function isGarbled(text: string): boolean {
  const damaged = text.split('\uFFFD').length - 1
  return damaged >= leastDamage.count && damaged >= text.length * leastDamage.share
}
