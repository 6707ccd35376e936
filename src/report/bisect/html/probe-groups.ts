import type {
  BisectionRecord,
  ProbeOutcome,
  ProbePurpose,
  ProbeRecord,
} from '../../../core/bisection-record.ts'

/** What runs are for, from the outside. */
export type Phase = 'ends' | 'search' | 'checks'

/** Runs that are shown as one: at about the same time, of the same few commits. */
export interface ProbeGroup {
  readonly phase: Phase
  readonly probes: readonly ProbeRecord[]
  /** What each commit came to, in the order in which they ended. */
  readonly commits: readonly CommitOutcomes[]
}

export interface CommitOutcomes {
  readonly commit: string
  readonly outcomes: readonly ProbeOutcome[]
}

const phases: Readonly<Record<ProbePurpose, Phase | undefined>> = {
  'failing-end': 'ends',
  'passing-end': 'ends',
  search: 'search',
  origin: 'search',
  culprit: 'checks',
  parent: 'checks',
  revert: 'checks',
  golden: undefined,
}

/** One group for each round of the boards; what is run again and again is one group, however often. */
export function groupProbes({
  probes,
  boards,
}: Pick<BisectionRecord, 'probes' | 'boards'>): readonly ProbeGroup[] {
  const groups: { phase: Phase; probes: ProbeRecord[] }[] = []
  for (const probe of probes) {
    const last = groups.at(-1)
    const phase = phases[probe.purpose] ?? last?.phase ?? 'search'
    if (last !== undefined && last.phase === phase && fits(probe, last.probes, boards.length))
      last.probes.push(probe)
    else groups.push({ phase, probes: [probe] })
  }
  return groups.map((group) => ({ ...group, commits: outcomesOf(group.probes) }))
}

function fits(probe: ProbeRecord, group: readonly ProbeRecord[], boards: number): boolean {
  const commits = new Set(group.map(({ commit }) => commit))
  return commits.has(probe.commit) || (commits.size < boards && probe.purpose === group[0]?.purpose)
}

/** What each commit came to, of all these runs. */
export function outcomesOf(probes: readonly ProbeRecord[]): readonly CommitOutcomes[] {
  const commits = [...new Set(probes.map(({ commit }) => commit))]
  return commits.map((commit) => ({
    commit,
    outcomes: probes.filter((probe) => probe.commit === commit).map(({ outcome }) => outcome),
  }))
}

/** `fail`, `3 pass`, `2 fail, 1 pass` */
export function countOutcomes(
  outcomes: readonly ProbeOutcome[],
  words: Readonly<Record<ProbeOutcome, string>>,
): string {
  const kinds = [...new Set(outcomes)]
  const [only, ...others] = kinds
  if (outcomes.length === 1 && only !== undefined && others.length === 0) return words[only]
  return kinds
    .map((kind) => `${outcomes.filter((outcome) => outcome === kind).length} ${words[kind]}`)
    .join(', ')
}
