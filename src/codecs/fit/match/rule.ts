import type { FitConfiguration } from '../fit.ts'

/** A configuration as a bootloader sees it when it looks for the one of its board. */
export interface Candidate {
  readonly configuration: FitConfiguration
  /** Its own compatible, or that of its device tree; none when that is compressed. */
  readonly compatible: readonly string[] | undefined
}

/** How a bootloader chooses: the candidates that fit best, in the order of the file. */
export interface MatchRule {
  readonly name: string
  choose(
    candidates: readonly Candidate[],
    board: readonly string[],
  ): { readonly best: readonly Candidate[]; readonly matched?: string }
}
