import type { BisectionRecord, ProbeOutcome, ProbePurpose } from '../../core/bisection-record.ts'

/** Whether there are commits of git: payloads that were there already only have names. */
export function hasCommits({ source }: BisectionRecord): boolean {
  return source.kind !== 'payloads'
}

/** Whether it is the kernel's own history, whose regressions are told and tracked in its way. */
export function isOfLinux({ source }: BisectionRecord): boolean {
  return source.kind !== 'payloads' && source.isLinux === true
}

/** The shortest that says which one it is: `1f2e3d4c5b6a`, or `revert of 1f2e3d4c5b6a on 5d6e7f8a9b0c`. */
export function shortName(record: BisectionRecord, commit: string): string {
  const [, reverted, head] = /^revert (\S+) on (\S+)$/.exec(commit) ?? []
  if (reverted !== undefined && head !== undefined) {
    return `revert of ${shortName(record, reverted)} on ${nameOf(record, head)}`
  }
  return record.commits[commit]?.shortId ?? commit.slice(0, 12)
}

/** As people know it: a tag such as `v6.18`, or else its short name. */
export function nameOf(record: BisectionRecord, commit: string): string {
  const { describe } = record.commits[commit] ?? {}
  const isTag = describe !== undefined && !/-\d+-g[0-9a-f]+$/.test(describe)
  return isTag ? describe : shortName(record, commit)
}

/** As the kernel's documentation wants commits to be named: `1f2e3d4c5b6a ("net: stmmac: ...")`. */
export function citation(record: BisectionRecord, commit: string): string {
  const { subject } = record.commits[commit] ?? { subject: '' }
  const name = shortName(record, commit)
  return subject === '' || subject === name ? name : `${name} ("${subject}")`
}

/** The two ends as a range: `v6.17..v6.18`, the later one last. */
export function rangeOf(record: BisectionRecord): string {
  const { earlier, later } = endsOf(record)
  return `${nameOf(record, earlier)}..${nameOf(record, later)}`
}

/** Which end is which: a fix is looked for from the failing end on. */
export function endsOf({ change, ends }: BisectionRecord): {
  readonly earlier: string
  readonly later: string
} {
  const [passing = ''] = ends.passing
  return change === 'fix'
    ? { earlier: ends.failing, later: passing }
    : { earlier: passing, later: ends.failing }
}

/** The commit that was found, or those of which it is one; none where an end is not as it should be. */
export function namedCommits({ conclusion }: BisectionRecord): readonly string[] {
  return conclusion?.kind === 'found' || conclusion?.kind === 'narrowed' ? conclusion.commits : []
}

/** A commit and those that build the very same kernel: what was found out of one holds for all. */
export function withSameKernel({ builds }: BisectionRecord, commit: string): readonly string[] {
  const identity = builds.find((build) => build.commit === commit)?.identity
  const others = builds.filter((build) => identity !== undefined && build.identity === identity)
  return [...new Set([commit, ...others.map((build) => build.commit)])]
}

/** What commits that fail are called, and what those that pass. */
export function termsOf({ change, terms }: BisectionRecord): {
  readonly failing: string
  readonly passing: string
} {
  return change === 'fix'
    ? { failing: terms.old, passing: terms.new }
    : { failing: terms.new, passing: terms.old }
}

export function purposeOf(record: BisectionRecord, purpose: ProbePurpose): string {
  const { failing, passing } = termsOf(record)
  const names: Readonly<Record<ProbePurpose, string>> = {
    'failing-end': `${failing} end`,
    'passing-end': `${passing} end`,
    search: 'search',
    origin: 'where a branch began',
    culprit: record.change === 'fix' ? 'check of the fix' : 'check of the culprit',
    parent: 'check of its parent',
    revert: 'check of the revert',
    golden: 'check of the board',
  }
  return names[purpose]
}

export const outcomeWords: Readonly<Record<ProbeOutcome, string>> = {
  pass: 'pass',
  fail: 'fail',
  other: 'other failure',
  untestable: 'untestable',
  infrastructure: 'infrastructure',
}
