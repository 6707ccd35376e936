import { HilError } from '../../core/errors.ts'
import type { BoardCalls, BoardMethod } from '../board/board-calls.ts'
import type { BoardInfo, BoardRequirement, StepMessage } from '../group/protocol.ts'

/**
 * What the functions of the spec API need from the worker they run in. A worker installs it before
 * it loads a spec; in any other process the API says that it only works in specs.
 */
export interface SpecLink {
  /** Called by `useBoard` while a file is loaded. @throws HilError `spec.late-use-board` (test) */
  require(requirement: BoardRequirement): void
  /** The board that a name, or no name, means in the file that runs. */
  board(name: string | undefined): BoardInfo & { readonly state: string }
  call<Method extends BoardMethod>(
    board: string,
    method: Method,
    args: Parameters<BoardCalls[Method]>,
  ): Promise<Awaited<ReturnType<BoardCalls[Method]>>>
  /** The state to use where a spec names none. */
  readonly defaultState: string | undefined
  step(message: StepMessage): void
}

let installed: SpecLink | undefined

export function installSpecLink(link: SpecLink): void {
  installed = link
}

/** @throws HilError `spec.outside` (environment) */
export function specLink(user: string): SpecLink {
  if (installed !== undefined) return installed
  throw new HilError('spec.outside', `${user} works in specs only: run this file with "hil run"`, {
    blame: 'environment',
  })
}
