import type { NightComparison } from './compare-nights.ts'

/** A night beside earlier ones; absent is what there is not, or what nobody keeps. */
export interface NightNews {
  readonly last?: NightComparison
  readonly lastGood?: NightComparison
}
