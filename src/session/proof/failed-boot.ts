import { HilError } from '../../core/errors.ts'
import type { BootEvidence } from './boot-evidence.ts'
import { judgeBoot, sentenceOf } from './judge-boot.ts'

/** The same error, with what brought it about. */
export function withCause({ code, message, blame, details }: HilError, cause: unknown): HilError {
  return new HilError(code, message, { blame, details, cause })
}

/** The payload's kernel has no part in a boot that never came to it. */
export function neverStarted(evidence: BootEvidence | undefined, cause: unknown): unknown {
  if (!(cause instanceof HilError)) return cause
  const { code, message, details } = cause
  const links = evidence === undefined ? [] : judgeBoot(evidence).links
  const broken = links.find(({ status }) => status === 'missing' || status === 'differs')
  const why = broken === undefined ? '' : ` (${sentenceOf(broken)})`
  return new HilError(code, `${message}; the kernel of the payload was never started${why}`, {
    blame: 'infrastructure',
    details,
    cause,
  })
}

export function silent(board: string, cause: unknown): HilError {
  return new HilError(
    'board.no-output',
    `the kernel of ${board} said nothing after it was handed over to; it is proven that it was the payload's`,
    { blame: 'board', details: { board }, cause },
  )
}
