import type { Board, State } from './board.ts'
import { createBoard } from './board-proxy.ts'
import { specLink } from './link.ts'
import { bringBoards, rememberRequirement } from './requirements.ts'

export interface UseBoardOptions {
  /** Name of a board of the environment. @default each board the run is for, one after the other */
  readonly board?: string
  /**
   * The state the board is brought to before each test. A `useBoard` further in wins.
   * @default the state given with --state, or none: the board is taken as it is
   */
  readonly state?: State
}

/**
 * Gives the tests of this suite a board, and brings it to a state before each of them. To be called
 * in `describe` or at the top of a file, before other hooks.
 *
 *     describe('boot', () => {
 *       const board = useBoard({ state: 'shell' })
 *       it('has a console', () => board.shell.runOk('test -c /dev/console'))
 *     })
 */
export function useBoard({ board, state }: UseBoardOptions = {}): Board {
  const link = specLink('useBoard')
  const requirement = { board, state: state ?? link.defaultState }
  link.require(requirement)
  const hook = function (this: Mocha.Context) {
    this.timeout(0)
    return bringBoards(this.currentTest)
  }
  rememberRequirement(hook, requirement)
  beforeEach('bring the boards to their states', hook)
  return createBoard(board)
}
