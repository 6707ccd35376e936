import type { BootProof } from '../../core/events.ts'
import type { Paint } from './paint.ts'
import { shownLine } from './shown-text.ts'
import { fitText } from './text-width.ts'

const stages: Readonly<Record<BootProof['stage'], string>> = {
  'not-started': 'before the kernel',
  'handed-over': 'to the hand-over',
  kernel: 'to the kernel',
  userspace: 'to userspace',
}

/** In columns: who wants all of it finds it in the report. What is not proven is told in full. */
const longestLink = 90

/** What a boot has proven, with its weakest link; nothing where nothing was to be proven. */
export function proofLine(
  { board, stage, result, weakest = '' }: BootProof,
  paint: Paint,
): string | undefined {
  if (result === 'not-needed') return undefined
  const link = shownLine(weakest)
  if (result === 'broken') return `${paint('red', 'not proven:')} ${shownLine(board)}: ${link}`
  const proven = `${shownLine(board)}: boot proven ${stages[stage]}; weakest link: ${fitText(link, longestLink)}`
  return paint('dim', proven)
}
