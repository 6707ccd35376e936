import {
  evidenceOf,
  isRevert,
  isUntestable,
  perhapsNotIntroduced,
  resultsOf,
  revertId,
  type Bisection,
  type CommitResults,
  type Results,
} from './bisection.ts'
import { chooseProbes, type ChoiceOptions } from './choose-probes.ts'
import { allPass } from './failure-rate.ts'
import { suspectsByLikelihood, type Suspects } from './likeliest.ts'
import { suspect, withoutLuck, type Suspicion } from './suspicion.ts'

/** Why a kernel is run. */
export type Purpose = 'failing-end' | 'passing-end' | 'search' | 'origin' | 'culprit' | 'parent' | 'revert'

export interface Probe {
  /** A commit, or the id of a revert. */
  readonly commit: string
  readonly purpose: Purpose
}

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

/** After that many failures of the failing end it is known how often it fails. */
const failuresToMeasure = { always: 3, sometimes: 5 }

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

/** Runs of both ends that are still to be made, as if all of them came to what they should. */
function missingEnds(bisection: Bisection, results: Results): readonly Probe[] {
  const { failingEnd, passingEnds, confidence, patience } = bisection
  const { failures, passes } = resultsOf(results, failingEnd)
  const needed = passes > 0 ? failuresToMeasure.sometimes : failuresToMeasure.always
  const isMeasured = failures >= needed || (failures > 0 && failures + passes >= patience)
  if (!isMeasured) return repeat(failingEnd, 'failing-end', needed - failures)
  const beginning = originOfPassing(bisection)
  const missing = beginning === undefined ? 0 : missingOrigin(bisection, results, beginning)
  if (beginning !== undefined && missing > 0) return repeat(beginning, 'origin', missing)
  const tolerated = (1 - confidence) / passingEnds.length
  return passingEnds.flatMap((commit) => {
    const passed = resultsOf(results, commit).passes
    return repeat(commit, 'passing-end', passesNeeded({ failures, passes }, tolerated) - passed)
  })
}

/** How many passes in a row make it unlikely enough that a kernel has the bug. */
function passesNeeded(
  { failures, passes }: Pick<CommitResults, 'failures' | 'passes'>,
  tolerated: number,
): number {
  let needed = 1
  while (allPass(failures, passes, needed) > tolerated && needed < maximumPasses) needed++
  return needed
}

/** A bound for failures so rare that nobody waits for them. */
const maximumPasses = 1000

function missingChecks(bisection: Bisection, results: Results, { commits }: Suspects): readonly Probe[] {
  const { search, parentsOf, checks, confidence, failingEnd, patience, revert } = bisection
  const [culprit = ''] = commits
  const before = parentsOf(culprit).map((commit): Probe => ({ commit, purpose: 'parent' }))
  const itself: readonly Probe[] = [{ commit: culprit, purpose: 'culprit' }]
  const isTestable = ({ commit }: Probe) => !isUntestable(resultsOf(results, commit))
  const sides = search.change === 'regression' ? [itself, before] : [before, itself]
  const [failing = [], passing = []] = sides.map((side) => side.filter(isTestable))

  const known = sum([failingEnd, ...failing.map(({ commit }) => commit)].map((id) => resultsOf(results, id)))
  const passesEach = Math.max(checks, passesNeeded(known, (1 - confidence) / Math.max(1, passing.length)))
  const missingPasses = passing.flatMap(({ commit, purpose }) =>
    repeat(commit, purpose, passesEach - resultsOf(results, commit).passes),
  )
  if (missingPasses.length > 0) return missingPasses
  const missingFailures = failing.flatMap(({ commit, purpose }) => {
    const { failures, passes } = resultsOf(results, commit)
    // What shows seldom is proven by showing once, and nobody waits for it for ever.
    const missing = (passes > 0 ? 1 : checks) - failures
    return repeat(commit, purpose, Math.min(missing, patience - failures - passes))
  })
  if (missingFailures.length > 0 || !revert || search.change === 'fix') return missingFailures
  return missingReverts(bisection, results, culprit, passesEach)
}

/** Where the last branch among them began, if that was before the failing end. */
function originOf({ search }: Pick<Bisection, 'search'>, commits: readonly string[]): string | undefined {
  return commits.map((commit) => search.origins?.get(commit)).findLast((found) => found !== undefined)
}

/** Where the history of the passing end leaves that of the failing one, if a fix is looked for and they have parted. */
function originOfPassing({ search, passingEnds }: Bisection): string | undefined {
  return originOf({ search }, passingEnds)
}

/**
 * How many runs are missing until it is known whether the bug was there already where a branch began: only then its
 * commits tell anything.
 */
function missingOrigin({ failingEnd, confidence }: Bisection, results: Results, origin: string): number {
  const found = resultsOf(results, origin)
  if (found.failures > 0 || isUntestable(found)) return 0
  return Math.max(0, passesNeeded(resultsOf(results, failingEnd), 1 - confidence) - found.passes)
}

function missingReverts({ failingEnd }: Bisection, results: Results, culprit: string, passes: number) {
  const id = revertId(culprit, failingEnd)
  const found = resultsOf(results, id)
  if (isUntestable(found) || found.failures > 0) return []
  return repeat(id, 'revert', passes - found.passes)
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

function repeat(commit: string, purpose: Purpose, count: number): readonly Probe[] {
  return Array.from({ length: Math.max(0, count) }, () => ({ commit, purpose }))
}

function commitsThat(results: Results, is: (results: CommitResults) => boolean): ReadonlySet<string> {
  const found = [...results].filter(([commit, each]) => !isRevert(commit) && is(each))
  return new Set(found.map(([commit]) => commit))
}

function sum(results: readonly CommitResults[]): { readonly failures: number; readonly passes: number } {
  return {
    failures: results.reduce((total, { failures }) => total + failures, 0),
    passes: results.reduce((total, { passes }) => total + passes, 0),
  }
}
