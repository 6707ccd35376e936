import type { Console } from '../../board/console.ts'
import { HilError } from '../../core/errors.ts'

const shownLines = 8

/** The error of `BootloaderDriver.interrupt`. @param why follows the name of the console */
export function noPromptError(console: Console, bootloader: string, why: string, cause?: unknown): HilError {
  const seen = console.lastLines(shownLines)
  const said =
    seen.length === 0 ? 'the console stayed silent' : `the console said last:\n  ${seen.join('\n  ')}`
  return new HilError('bootloader.no-prompt', `no ${bootloader} prompt on ${console.name}${why}; ${said}`, {
    blame: 'board',
    details: { bootloader, seen },
    cause,
  })
}
