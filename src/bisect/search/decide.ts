import {
  evidenceOf,
  isRevert,
  isUntestable,
  perhapsNotIntroduced,
  resultsOf,
  type Bisection,
  type CommitResults,
  type Results,
} from './bisection.ts'
import { chooseProbes, type ChoiceOptions } from './choose-probes.ts'
import { suspectsByLikelihood, type Suspects } from './likeliest.ts'
import {
  missingChecks,
  missingEnds,
  missingOrigin,
  originOf,
  originOfPassing,
  repeat,
} from './missing-runs.ts'
import type { Probe } from './probe.ts'
import { suspect, withoutLuck, type Suspicion } from './suspicion.ts'

/** How a bisection ends. */
export type Conclusion =
  | {
      readonly kind: 'found'
      readonly commit: string
      /** How likely it is that it is this one: after all runs, those of its checks included. */
      readonly confidence: number
      /** Whether that is as sure as was asked for. */
      readonly isSure: boolean
    }
  /** One of several: what would tell them apart can't be tested. */
  | { readonly kind: 'narrowed'; readonly commits: readonly string[]; readonly confidence: number }
  /** The end that should fail passed each time. */
  | { readonly kind: 'failing-end-passes'; readonly commit: string; readonly runs: number }
  /** An end that should pass has failed. */
  | { readonly kind: 'passing-end-fails'; readonly commit: string }
  | { readonly kind: 'end-untestable'; readonly commit: string }
  /** No commit explains all runs: something that is not in the commits decides. */
  | { readonly kind: 'contradiction' }

export type Decision =
  | { readonly kind: 'run'; readonly probes: readonly Probe[]; readonly suspicion: Suspicion | undefined }
  | { readonly kind: 'concluded'; readonly conclusion: Conclusion; readonly suspicion: Suspicion | undefined }

/** What there is to run kernels on: plain data, as another thread gets it. */
export interface Means {
  /** What runs now, a board each. */
  readonly running: readonly Probe[]
  /** How many boards are free. */
  readonly boards: number
  /** How long things take, in milliseconds. @default a run, and no time to build */
  readonly times?: Times
}

export interface Times {
  readonly run: number
  /** Of one commit; only one is built at a time. */
  readonly build: number
  /** Commits that are built already. */
  readonly ready: ReadonlySet<string>
}

/**
 * What to do next, from nothing but the results so far: so a bisection that was killed goes on where it was.
 *
 * First both ends are run: the failing one until it is known how often it fails. Then commits are chosen by what they
 * tell, until one is much more likely than all others. It is checked: its parents must pass and it must fail, often
 * enough. Whatever contradicts it on the way is evidence like any other, and the search goes on.
 */
export function decide(bisection: Bisection, results: Results, means: Means): Decision {
  const suspicion = suspect(bisection.search, evidenceOf(results, bisection.search))
  const end = concludedEnd(bisection, results)
  if (end !== undefined) return { kind: 'concluded', conclusion: end, suspicion }
  if (suspicion === undefined) {
    return { kind: 'concluded', conclusion: { kind: 'contradiction' }, suspicion }
  }
  const ends = missingEnds(bisection, results)
  if (ends.length > 0) return run(ends, means, suspicion)

  const doubtful = perhapsNotIntroduced(results, bisection.search)
  const untestable = new Set([...commitsThat(results, isUntestable), ...doubtful])
  const suspects = suspectsByLikelihood(bisection.search, suspicion, untestable)
  const [first = nobody] = suspects
  const isCandidate = isWorthChecking(suspects, suspicion)
  if (isCandidate && first.commits.length === 1) {
    const checks = missingChecks(bisection, results, first)
    if (checks.length > 0) return run(checks, means, suspicion)
  }
  const isSure = isCandidate && first.probability >= bisection.confidence
  const next = isSure ? [] : search(bisection, results, suspicion, means, untestable)
  if (next.length > 0 || means.running.length > 0) {
    return { kind: 'run', probes: next.slice(0, means.boards), suspicion }
  }
  const origin = first.commits.length > 1 ? originOf(bisection, first.commits) : undefined
  const missing = origin === undefined ? 0 : missingOrigin(bisection, results, origin)
  if (origin !== undefined && missing > 0) return run(repeat(origin, 'origin', missing), means, suspicion)
  return { kind: 'concluded', conclusion: conclude(bisection, suspects), suspicion }
}

const nobody: Suspects = { commits: [], probability: 0, isFlawless: false }

/** What share of the suspicion has to be on one commit before it is checked. */
const candidateShare = 0.8

/** Or it is the only one that explains all runs without a pass by luck: checks tell whether there was one. */
function isWorthChecking(
  [first = nobody, ...others]: readonly Suspects[],
  { everywhere }: Suspicion,
): boolean {
  const isOnlyOne = first.isFlawless && !others.some(({ isFlawless }) => isFlawless)
  return isOnlyOne || first.probability >= candidateShare * (1 - everywhere)
}

function run(wanted: readonly Probe[], { running, boards }: Means, suspicion: Suspicion): Decision {
  const left = [...running]
  const missing = wanted.filter(({ commit }) => {
    const place = left.findIndex((each) => each.commit === commit)
    if (place < 0) return true
    left.splice(place, 1)
    return false
  })
  return { kind: 'run', probes: missing.slice(0, boards), suspicion }
}

function concludedEnd(bisection: Bisection, results: Results): Conclusion | undefined {
  const { failingEnd, passingEnds, patience } = bisection
  const untestable = [failingEnd, ...passingEnds].find((commit) => isUntestable(resultsOf(results, commit)))
  if (untestable !== undefined) return { kind: 'end-untestable', commit: untestable }
  const { failures, passes } = resultsOf(results, failingEnd)
  if (failures === 0 && passes >= patience) {
    return { kind: 'failing-end-passes', commit: failingEnd, runs: passes }
  }
  const beginning = originOfPassing(bisection)
  if (beginning !== undefined && missingOrigin(bisection, results, beginning) === 0) {
    const there = resultsOf(results, beginning)
    if (there.failures === 0 && there.passes > 0) {
      return { kind: 'failing-end-passes', commit: beginning, runs: there.passes }
    }
  }
  const broken = passingEnds.find((commit) => resultsOf(results, commit).failures > 0)
  return broken === undefined ? undefined : { kind: 'passing-end-fails', commit: broken }
}

function search(
  bisection: Bisection,
  results: Results,
  suspicion: Suspicion,
  { running, boards, times }: Means,
  untestable: ReadonlySet<string>,
): readonly Probe[] {
  const options = {
    running: running.filter(({ commit }) => !isRevert(commit)).map(({ commit }) => commit),
    untestable,
    tested: commitsThat(results, ({ failures, passes }) => failures + passes > 0),
  }
  // Also where no board is free it has to be known whether there is anything left to run.
  const count = Math.max(1, boards)
  const narrowing = fastest(bisection, withoutLuck(suspicion), options, count, times)
  const commits = narrowing.length > 0 ? narrowing : fastest(bisection, suspicion, options, count, times)
  if (commits.length > 0) return commits.map((commit) => ({ commit, purpose: 'search' }))
  // All that is left to doubt is whether the passing end really passes.
  const [end = ''] = bisection.passingEnds
  const isDoubted = suspicion.everywhere > (1 - bisection.confidence) / 2
  return isDoubted && running.length === 0 ? repeat(end, 'passing-end', 1) : []
}

/** As many probes at once as tell most in a given time: where builds take long, boards had better wait. */
function fastest(
  { search: problem }: Bisection,
  suspicion: Suspicion,
  options: Omit<ChoiceOptions, 'count'>,
  boards: number,
  times: Times | undefined,
): readonly string[] {
  if (times === undefined) return chooseProbes(problem, suspicion, { ...options, count: boards }).commits
  const build = (commit: string) => (times.ready.has(commit) ? 0 : times.build)
  const cost = (commit: string) => times.run + build(commit)
  let best: { readonly commits: readonly string[]; readonly speed: number } = { commits: [], speed: 0 }
  for (let count = boards; count > 0; count--) {
    const { commits, information } = chooseProbes(problem, suspicion, { ...options, cost, count })
    const builds = commits.reduce((sum, commit) => sum + build(commit), 0)
    const speed = information / (times.run + builds)
    if (speed > best.speed) best = { commits, speed }
    if (builds === 0) break
  }
  return best.commits
}

function conclude({ confidence }: Bisection, suspects: readonly Suspects[]): Conclusion {
  const [first = nobody] = suspects
  const [commit, ...others] = first.commits
  if (commit !== undefined && others.length === 0 && first.probability >= candidateShare) {
    return {
      kind: 'found',
      commit,
      confidence: first.probability,
      isSure: first.probability >= confidence,
    }
  }
  const named: string[] = []
  let probability = 0
  for (const group of suspects) {
    if (probability >= confidence) break
    named.push(...group.commits)
    probability += group.probability
  }
  return { kind: 'narrowed', commits: named, confidence: probability }
}

function commitsThat(results: Results, is: (results: CommitResults) => boolean): ReadonlySet<string> {
  const found = [...results].filter(([commit, each]) => !isRevert(commit) && is(each))
  return new Set(found.map(([commit]) => commit))
}
