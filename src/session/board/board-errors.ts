import { blameOf, HilError, messageOf } from '../../core/errors.ts'
import { unknownState } from '../../strategy/strategy-runner.ts'
import type { FailedGoto } from './goto-record.ts'

/**
 * A call needs a handle that the board's state does not offer. Where the state is unknown because
 * the board could not be brought to one, that is what went wrong, and not the call.
 */
export function wrongStateError(
  board: string,
  state: string,
  needed: 'shell' | 'bootloader',
  failed: FailedGoto | undefined,
): HilError {
  if (state === unknownState && failed !== undefined) return unavailableError(board, failed)
  return new HilError(
    'board.wrong-state',
    `the board ${board} is in state "${state}", which has no ${needed}; ask for it with useBoard({ state: '${needed}' }) or board.goto('${needed}')`,
    { blame: 'test', details: { board, state } },
  )
}

/** @param known those that the environment names */
export function unknownConsole(board: string, console: string, known: readonly string[]): HilError {
  const there = known.length === 0 ? 'its environment names none' : `there is ${known.join(', ')}`
  return new HilError(
    'board.no-console',
    `the board ${board} has no console "${console}" beside its main one; ${there} ("consoles:")`,
    { blame: 'environment', details: { board, console, known } },
  )
}

function unavailableError(board: string, { state, error }: FailedGoto): HilError {
  return new HilError(
    'board.unavailable',
    `the board ${board} is in no known state since it could not be brought to "${state}": ${messageOf(error)}`,
    { blame: blameOf(error), details: { board, state }, cause: error },
  )
}

/** A board that failed again and again is not waited for by every test that is left. */
export function givenUpError(board: string, times: number, { state, error }: FailedGoto): HilError {
  return new HilError(
    'board.given-up',
    `the board ${board} could not be brought to "${state}" ${times} times in a row, and is not tried again in this run: ${messageOf(error)}`,
    { blame: blameOf(error), details: { board, state, times }, cause: error },
  )
}

/** Whether a console is where it was after this error: a wait that saw nothing has changed nothing. */
export function keepsConsole(error: unknown): boolean {
  const harmless = ['console.timeout', 'console.pattern', 'console.busy']
  return error instanceof HilError && harmless.includes(error.code)
}

/** Whether the prompt is known to be there still after this error of a command. */
export function keepsState(error: unknown): boolean {
  if (!(error instanceof HilError)) return false
  if (error.code === 'command.timeout') return error.details['recovered'] !== false
  // The commands of a transfer have ended, whatever became of the file.
  return error.code === 'command.too-long' || error.code.startsWith('transfer.')
}
