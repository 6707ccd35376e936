import type { Catalogue } from '../../board/driver.ts'
import type { AdaptContext } from '../schema/adapt-options.ts'

/** What is needed to read a board. */
export interface BoardContext extends AdaptContext {
  readonly catalogue: Catalogue
  /** The strategies that come with hil; without them any name is taken. */
  readonly strategies: readonly string[] | undefined
}
