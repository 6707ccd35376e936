import { resetError } from '../../board/fail-on-reset.ts'
import { HilError } from '../../core/errors.ts'
import type { Finding } from '../../kernel/finding.ts'

/**
 * A board that does not go on.
 * @param cause the report that led to it, which says more
 * @returns HilError `kernel.panic`, `board.silent-reset` or `kernel.dead`, all to the blame of the board
 */
export function fatality(board: string, finding: Finding, cause: Finding | undefined): HilError {
  const { kind, title, signature, lines } = finding
  const [line = title] = lines
  if (kind === 'reset') return resetError(board, line)
  const after = cause === undefined ? '' : `, after ${cause.title}`
  const why = /Kernel panic - not syncing: (.{1,200})/.exec(line)?.[1]?.trim()
  const details = { board, title, signature, kind, ...(cause && { cause: cause.title }) }
  return why === undefined
    ? new HilError('kernel.dead', `${board} does not go on: "${title}"${after}`, { blame: 'board', details })
    : new HilError('kernel.panic', `the kernel of ${board} panicked: ${why}${after}`, {
        blame: 'board',
        details: { ...details, why },
      })
}

/** Something that fails a test although all its assertions hold. @param others how much more there is */
export function complaint(board: string, { title, signature, kind }: Finding, others: number): HilError {
  const more = others === 0 ? '' : others === 1 ? ', and one thing more' : `, and ${others} things more`
  return new HilError(
    'kernel.complaint',
    `the kernel of ${board} said "${title}" in the meantime${more}; where that is known, allow it by its signature in kernel-log.allow or useBoard`,
    { blame: 'board', details: { board, title, signature, kind } },
  )
}

/** Something that the environment forbids a console to say. */
export function forbiddenError(console: string, line: string, pattern: RegExp): HilError {
  return new HilError(
    'console.forbidden',
    `${console} said ${JSON.stringify(line.trim())}, which "fail-on" of the environment forbids`,
    { blame: 'board', details: { console, line, pattern: pattern.source } },
  )
}
