import type { Note } from '../../core/events.ts'
import type { Paint } from './paint.ts'
import { shownLine, shownText } from './shown-text.ts'

export function noteLine({ level, board, message }: Note, paint: Paint): string {
  const text = `${board === undefined ? '' : `${shownLine(board)}: `}${shownText(message)}`
  if (level === 'info') return paint('dim', text)
  return `${paint(level === 'error' ? 'red' : 'yellow', `${level}:`)} ${text}`
}
