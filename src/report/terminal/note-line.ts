import type { Note } from '../../core/events.ts'
import { plainText } from '../rendered-text.ts'
import type { Paint } from './paint.ts'

export function noteLine({ level, board, message }: Note, paint: Paint): string {
  const text = `${board === undefined ? '' : `${plainText(board)}: `}${plainText(message)}`
  if (level === 'info') return paint('dim', text)
  return `${paint(level === 'error' ? 'red' : 'yellow', `${level}:`)} ${text}`
}
