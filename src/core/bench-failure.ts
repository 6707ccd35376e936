import type { Blame } from './errors.ts'

/**
 * Whether a failure is one of what is around a board: its switch, its console, its network. That somebody else has the
 * board is not, nor that it may not be had.
 */
export function isBenchFailure({
  blame,
  code = '',
}: {
  readonly blame?: Blame
  readonly code?: string
}): boolean {
  return blame === 'infrastructure' && !code.startsWith('lock.') && !code.startsWith('lab.')
}
