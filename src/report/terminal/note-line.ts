import { formatDuration } from '../../core/duration.ts'
import type { ConsoleBack, ConsoleLost, Note } from '../../core/events.ts'
import type { Paint } from './paint.ts'
import { shownLine, shownText } from './shown-text.ts'

export function noteLine({ level, board, message }: Omit<Note, 'type'>, paint: Paint): string {
  const text = `${board === undefined ? '' : `${shownLine(board)}: `}${shownText(message)}`
  if (level === 'info') return paint('dim', text)
  return `${paint(level === 'error' ? 'red' : 'yellow', `${level}:`)} ${text}`
}

/** Whoever looks on should know why nothing comes. */
export function awayLine({ board, reason }: ConsoleLost, paint: Paint): string {
  return noteLine(
    { level: 'warning', board, message: `the console is away, and waited for: ${reason}` },
    paint,
  )
}

export function backLine({ board, awayMs }: ConsoleBack, paint: Paint): string {
  return noteLine(
    { level: 'info', board, message: `the console is back after ${formatDuration(awayMs)}` },
    paint,
  )
}
