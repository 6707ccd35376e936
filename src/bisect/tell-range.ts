import type { BisectionRecord, BuildRecord, ProbeRecord } from '../core/bisection-record.ts'
import type { RangeStep, RangeStory, SuspectSpan } from '../core/range-story.ts'
import { evidenceOf, type Results } from './search/bisection.ts'
import type { SearchProblem } from './search/evidence.ts'
import { resultsFrom } from './search/results.ts'
import { withoutSameKernels } from './search/same-kernels.ts'
import { suspect, suspectCount, withoutLuck, type Suspicion } from './search/suspicion.ts'

type Known = Pick<BisectionRecord, 'builds' | 'probes' | 'setAside' | 'conclusion'>

/**
 * What the search knew after each probe, thought out again from what probes and builds had come to by then.
 *
 * @param range as it was before anything was built
 */
export function tellRange(range: SearchProblem, record: Known): RangeStory {
  const { probes, conclusion } = record
  const steps: RangeStep[] = []
  let last: { readonly known: string; readonly step: RangeStep } | undefined
  for (let count = 0; count <= probes.length; count++) {
    const builds = count === probes.length ? record.builds : builtUntil(record, probes[count - 1])
    const results = resultsFrom({ ...record, builds, probes: probes.slice(0, count) })
    // What is known of kernels now was not known then.
    const problem = withoutSameKernels(range, builds)
    const known = fingerprint(results, problem)
    // Runs that say nothing leave all as it was.
    if (last?.known !== known) {
      last = { known, step: rangeStep(problem, suspect(problem, evidenceOf(results, problem))) }
    }
    steps.push(last.step)
  }
  const named = [
    ...probes.map(({ commit }) => commit),
    ...steps.map(({ likeliest }) => likeliest),
    ...(conclusion?.commits ?? []),
  ]
  const places = named.flatMap((id) => {
    const index = range.graph.indexOf(id)
    return index === undefined ? [] : [[id, index + 1] as const]
  })
  return { places: Object.fromEntries(places), steps }
}

/** @param suspicion `undefined` where the runs contradict each other */
export function rangeStep({ graph }: SearchProblem, suspicion: Suspicion | undefined): RangeStep {
  const { of } = suspicion ?? { of: new Float64Array() }
  const probability = of.reduce((most, each) => Math.max(most, each), 0)
  if (suspicion === undefined || probability === 0) {
    return { left: 0, likeliest: '', probability: 0, spans: [] }
  }
  return {
    left: suspectCount(amongCommits(withoutLuck(suspicion))),
    likeliest: graph.idOf(of.indexOf(probability)),
    probability,
    spans: spansOf(of, probability),
  }
}

/** As if it were certain that one of the commits is it: whether both ends are as they should be is another question. */
function amongCommits(suspicion: Suspicion): Suspicion {
  const certain = 1 - suspicion.everywhere
  return { ...suspicion, of: suspicion.of.map((share) => share / certain), everywhere: 0 }
}

/** Suspicion that is weaker by this factor than the strongest is not shown. */
const visible = 1e-3

/** So many spans are told apart; the narrowest gaps between them are closed, the faintest differences forgotten. */
const mostSpans = 60

function spansOf(of: Float64Array, most: number): readonly SuspectSpan[] {
  let factor = 1.25
  for (;;) {
    const spans = spansAt(of, most, factor)
    if (spans.length <= mostSpans) return spans
    // Merged branches lie among each other in any order of a history: then what is near is taken together.
    if (factor > 1000) return joined(spans)
    factor *= factor
  }
}

/** @param factor suspicion that differs by less counts as the same */
function spansAt(of: Float64Array, most: number, factor: number): SuspectSpan[] {
  const spans: SuspectSpan[] = []
  let start = 0
  let level: number | undefined
  for (let index = 0; index <= of.length; index++) {
    const share = index < of.length ? (of[index] ?? 0) / most : 0
    const next = share >= visible ? Math.round(Math.log(share) / Math.log(factor)) : undefined
    if (next === level) continue
    if (level !== undefined) spans.push({ from: start + 1, to: index, share: Math.min(1, factor ** level) })
    start = index
    level = next
  }
  return spans
}

/** Closes the narrowest gaps until there are few enough. */
function joined(spans: readonly SuspectSpan[]): readonly SuspectSpan[] {
  const gaps = spans.slice(1).map(({ from }, index) => from - (spans[index]?.to ?? 0))
  const widest = gaps.toSorted((a, b) => b - a)[mostSpans - 1] ?? 0
  const found: SuspectSpan[] = []
  for (const [index, span] of spans.entries()) {
    const last = found.at(-1)
    if (last === undefined || (gaps[index - 1] ?? 0) > widest) found.push(span)
    else found[found.length - 1] = { from: last.from, to: span.to, share: Math.max(last.share, span.share) }
  }
  return found
}

/** What was built when a probe ended: kernels that are the same tell of each other only when both are known. */
function builtUntil({ builds }: Known, probe: ProbeRecord | undefined): readonly BuildRecord[] {
  if (probe === undefined) return []
  return builds.filter((build) => endOf(build) <= endOf(probe))
}

function endOf({ startedAt, durationMs }: BuildRecord | ProbeRecord): number {
  return Date.parse(startedAt) + durationMs
}

function fingerprint(results: Results, { excluded }: SearchProblem): string {
  const counts = [...results].map(([commit, { failures, passes }]) => `${commit}:${failures}:${passes}`)
  return [...counts, excluded?.size ?? 0].join(' ')
}
