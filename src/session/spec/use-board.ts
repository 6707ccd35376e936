import type { AllowedFinding } from '../group/protocol.ts'
import type { Board, State } from './board.ts'
import { createBoard } from './board-proxy.ts'
import { placeOfCaller } from './call-site.ts'
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
  /**
   * Complaints of the kernel that the tests of this suite provoke or know: they fail none of them. A panic
   * is never allowed. @default none
   */
  readonly allow?: readonly AllowedComplaint[]
}

/** A complaint of the kernel, named by `signature` or by `pattern`. */
export interface AllowedComplaint {
  /** What the run called it: its title or signature, in these words. */
  readonly signature?: string
  /** What its title or signature matches. */
  readonly pattern?: string | RegExp
  /** Why it is accepted. */
  readonly reason: string
  /** The last day on which it is, such as `2027-01-31`; afterwards it is an error. */
  readonly until: string
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
export function useBoard({ board, state, allow = [] }: UseBoardOptions = {}): Board {
  const link = specLink('useBoard')
  const place = placeOfCaller(useBoard)
  const requirement = { board, state: state ?? link.defaultState, allow: allow.map(toData), place }
  link.require(requirement)
  const hook = function (this: Mocha.Context) {
    this.timeout(0)
    return bringBoards(this.currentTest)
  }
  rememberRequirement(hook, requirement)
  beforeEach('bring the boards to their states', hook)
  return createBoard(board)
}

/** What is wrong with it is told by who checks it. */
function toData({ pattern, ...rest }: AllowedComplaint): AllowedFinding {
  if (pattern === undefined) return rest
  return { ...rest, pattern: pattern instanceof RegExp ? pattern.source : pattern }
}
