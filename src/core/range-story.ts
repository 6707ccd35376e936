/**
 * How the range of a bisection became smaller, probe by probe. Thought out from the record and from the commits of the range,
 * for whoever wants to see it; nothing of it is kept.
 */
export interface RangeStory {
  /** The place in the range of each commit that was run, suspected or named, from 1, parents before children. */
  readonly places: Readonly<Record<string, number>>
  /** How it stood before the first probe, and then after each. */
  readonly steps: readonly RangeStep[]
}

/** What is suspected at some moment. */
export interface RangeStep {
  /** Among how many commits, were all of them alike, the choice would be as open; 0 where none explains all runs. */
  readonly left: number
  /** The commit that is most suspected, and how likely it is the one. */
  readonly likeliest: string
  readonly probability: number
  /** Where in the range suspicion lies, in its order. */
  readonly spans: readonly SuspectSpan[]
}

/** Commits beside each other in the range that are about as suspect. */
export interface SuspectSpan {
  /** Places, both included. */
  readonly from: number
  readonly to: number
  /** How suspect each of them is, in parts of the one that is most suspected: up to 1. */
  readonly share: number
}
