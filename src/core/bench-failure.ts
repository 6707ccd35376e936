import { isHostFailure, type Failure } from './host-failure.ts'

/**
 * Whether a failure is one of what is around a board: its switch, its console, its network. That somebody else has the
 * board is not, nor that it may not be had, nor that the host is not well, which is as bad for every other board.
 */
export function isBenchFailure(failure: Failure): boolean {
  const { blame, code = '' } = failure
  return (
    blame === 'infrastructure' &&
    !code.startsWith('lock.') &&
    !code.startsWith('lab.') &&
    !isHostFailure(failure)
  )
}
