import type { RangeStory } from '../../../core/range-story.ts'
import type { BootDiff } from '../../diff/compare-boots.ts'

/** What a page needs beside the record. What is not there is left out. */
export interface PageMaterial {
  readonly story?: RangeStory
  /** @returns the address, as seen from the page, of a file of the bisection's directory; `undefined` where it is not there */
  readonly linkTo: (path: string) => string | undefined
  /** `git bisect log`, replayable. */
  readonly log?: string
  /** The mail that could be sent. */
  readonly mail?: string
  /** A boot of a commit without the failure, and one with it. */
  readonly boots?: BootsSideBySide
}

export interface BootsSideBySide {
  readonly diff: BootDiff
  /** Which commits they are of, by id. */
  readonly a: string
  readonly b: string
  /** The address of the page that has both consoles in full. */
  readonly page?: string
}
