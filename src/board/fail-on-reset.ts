import { HilError } from '../core/errors.ts'
import type { Console } from './console.ts'

/**
 * Fails every wait on this handle as soon as the bootloader starts again: the board reset itself.
 * @param banner text that only a starting bootloader prints
 */
export function failOnReset(console: Console, banner: RegExp): Disposable {
  return console.failOn(banner, ({ text }) => resetError(console.name, text))
}

/** The error for a board that started again when nobody told it to. @param banner what it said first */
export function resetError(board: string, banner: string): HilError {
  return new HilError(
    'board.silent-reset',
    `the board ${board} reset by itself: its ${whatStarts(banner)} started again ("${banner.trim()}")`,
    { blame: 'board', details: { board, banner } },
  )
}

/** Of a board whose bootloader is not on the console the kernel is the first to speak. */
function whatStarts(banner: string): string {
  return /Booting Linux on|Linux version \d/.test(banner) ? 'kernel' : 'bootloader'
}
