/** Why a kernel is run. */
export type Purpose = 'failing-end' | 'passing-end' | 'search' | 'origin' | 'culprit' | 'parent' | 'revert'

export interface Probe {
  /** A commit, or the id of a revert. */
  readonly commit: string
  readonly purpose: Purpose
}
