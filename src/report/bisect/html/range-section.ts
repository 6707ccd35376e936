import type { BisectionRecord, ProbeOutcome } from '../../../core/bisection-record.ts'
import type { RangeStep, RangeStory } from '../../../core/range-story.ts'
import { markup, type Content, type Markup } from '../../html/markup.ts'
import { formatConfidence, formatCount } from '../amounts.ts'
import { endsOf, hasCommits, namedCommits, nameOf, outcomeWords } from '../names.ts'
import { outcomeMark, outcomeShape, strongest } from './outcome-mark.ts'
import {
  countOutcomes,
  groupProbes,
  type CommitOutcomes,
  type Phase,
  type ProbeGroup,
} from './probe-groups.ts'
import { rangeScale, type RangeScale } from './range-scale.ts'

const rowHeight = 22
const axisHeight = 34

/** The most rows that a page shows; a bisection that long has more of the same. */
const mostRows = 400

const legendWords: Readonly<Record<ProbeOutcome, string>> = {
  ...outcomeWords,
  infrastructure: 'lost to the bench',
}

/** In few letters, for a narrow column. */
const shortWords: Readonly<Record<ProbeOutcome, string>> = {
  ...outcomeWords,
  other: 'other',
  untestable: 'untestable',
  infrastructure: 'lost',
}

const phaseNames: Readonly<Record<Phase, string>> = {
  ends: 'Both ends, and how often it fails',
  search: 'Search',
  checks: 'Checks of what was found',
}

/** How the range became smaller: a row for each round of the boards, with what was run where, and what was left after it. */
export function rangeSection(record: BisectionRecord, story: RangeStory | undefined): Markup | undefined {
  if (story === undefined || record.probes.length === 0) return undefined
  const middle = middleOf(record, story)
  const scale = rangeScale(record.rangeSize, middle?.place)
  const groups = groupProbes(record)
  const shown = groups.slice(0, mostRows)
  return markup`<section id="range">
    <h2>How the range became smaller</h2>
    <p class="quiet">${explanation(record, scale)}</p>
    <p class="legend">${legend(record)}</p>
    <table class="range">
      <thead>
        <tr>
          <th scope="col">Run</th>
          <th scope="col" class="name">${hasCommits(record) ? 'Commit' : 'Payload'}</th>
          <th scope="col" class="came">Came to</th>
          <th scope="col" class="strip"><span class="hidden">Where in the range</span>${axis(record, scale, middle)}</th>
          <th scope="col" class="number">Left</th>
        </tr>
      </thead>
      ${phasesOf(shown).map(({ phase, groups: own }) => phaseRows(phase, own, record, story, scale))}
    </table>
    ${groups.length > shown.length ? markup`<p class="quiet">${groups.length - shown.length} rows more are left out here; the table of runs has all.</p>` : undefined}
  </section>`
}

function explanation(record: BisectionRecord, { isNarrowing }: RangeScale): string {
  const { earlier, later } = endsOf(record)
  const what = `From ${nameOf(record, earlier)} on the left to ${nameOf(record, later)} on the right. Blue is what was still suspected after the run, the darker the more.`
  const same = hasSameKernels(record)
    ? ' Commits that build the same kernel as the one before them are out without a run.'
    : ''
  return isNarrowing
    ? `${what}${same} Places are drawn by their distance from the middle, in commits, and each power of ten takes as much room as the one before.`
    : `${what}${same}`
}

function hasSameKernels({ builds }: BisectionRecord): boolean {
  const kernels = builds.flatMap(({ identity }) => identity ?? [])
  return new Set(kernels).size < kernels.length
}

function legend(record: BisectionRecord): Content {
  const seen = (Object.keys(outcomeWords) as readonly ProbeOutcome[]).filter((outcome) =>
    record.probes.some((probe) => probe.outcome === outcome),
  )
  return seen.map((outcome) => markup`<span>${outcomeMark(outcome)} ${legendWords[outcome]}</span> `)
}

interface Middle {
  readonly place: number
  readonly name: string
}

/** What matters most: what was found, or suspected more than others at last; nothing before the search has begun. */
function middleOf(record: BisectionRecord, { places, steps }: RangeStory): Middle | undefined {
  const named = namedCommits(record)
  const last = steps.at(-1)
  const likeliest = last !== undefined && last.probability >= worthNaming ? last.likeliest : ''
  const place = places[named[Math.floor((named.length - 1) / 2)] ?? likeliest]
  if (place === undefined) return undefined
  if (named.length === 0) return { place, name: 'most likely' }
  if (named.length > 1) return { place, name: 'candidates' }
  return { place, name: record.change === 'fix' ? 'fix' : 'culprit' }
}

const worthNaming = 0.05

function axis(record: BisectionRecord, scale: RangeScale, middle: Middle | undefined): Markup {
  const { earlier, later } = endsOf(record)
  return markup`<svg class="axis" width="100%" height="${axisHeight}" aria-hidden="true">
    <text x="0" y="11">${nameOf(record, earlier)}</text>
    <text x="100%" y="11" class="end">${nameOf(record, later)}</text>
    ${scale.ticks.map(
      ({ at, distance }) =>
        markup`<text x="${percent(at)}" y="${axisHeight - 7}" class="tick">${distance > 0 ? '+' : '−'}${formatCount(Math.abs(distance))}</text>
          <line x1="${percent(at)}" x2="${percent(at)}" y1="${axisHeight - 4}" y2="${axisHeight}"/>`,
    )}
    ${middle === undefined ? undefined : middleMark(middle, scale)}
  </svg>`
}

function middleMark({ place, name }: Middle, scale: RangeScale): Markup {
  const x = scale.at(place)
  return markup`${
    // Nearer to an end it would stand in the name of that.
    x > 12 && x < 88 ? markup`<text x="${percent(x)}" y="11" class="middle">${name}</text>` : undefined
  }<line class="middle" x1="${percent(x)}" x2="${percent(x)}" y1="${axisHeight - 18}" y2="${axisHeight}"/>`
}

function phasesOf(groups: readonly ProbeGroup[]): readonly { phase: Phase; groups: readonly ProbeGroup[] }[] {
  const found: { phase: Phase; groups: ProbeGroup[] }[] = []
  for (const group of groups) {
    const last = found.at(-1)
    if (last?.phase === group.phase) last.groups.push(group)
    else found.push({ phase: group.phase, groups: [group] })
  }
  return found
}

function phaseRows(
  phase: Phase,
  groups: readonly ProbeGroup[],
  record: BisectionRecord,
  story: RangeStory,
  scale: RangeScale,
): Markup {
  return markup`<tbody>
    <tr class="phase">
      <th scope="rowgroup" colspan="3">${phaseNames[phase]}</th>
      <td class="name"></td>
      <td class="came"></td>
    </tr>
    ${groups.map((group) => groupRow(group, record, story, scale))}
  </tbody>`
}

function groupRow(
  { probes, commits }: ProbeGroup,
  record: BisectionRecord,
  story: RangeStory,
  scale: RangeScale,
): Markup {
  const [first, last] = [probes[0]?.number ?? 0, probes.at(-1)?.number ?? 0]
  const step = story.steps[record.probes.findIndex(({ number }) => number === last) + 1]
  const numbers = first === last ? `${first}` : `${first}–${last}`
  return markup`<tr>
    <th scope="row"><a href="#run-${first}">${numbers}</a></th>
    <td class="name">${namesOf(commits, record)}</td>
    <td class="came">${cameTo(commits)}</td>
    <td class="strip">${strip(commits, step, record, story, scale)}</td>
    <td class="number">${leftOf(step, record)}</td>
  </tr>`
}

/** Names of a few commits, or of the first one and how many there are. */
function namesOf(commits: readonly CommitOutcomes[], record: BisectionRecord): Content {
  const [first, ...others] = commits.map(({ commit }) => nameOf(record, commit))
  return [markup`<code>${first}</code>`, others.length === 0 ? undefined : ` and ${others.length} more`]
}

function cameTo(commits: readonly CommitOutcomes[]): Content {
  const outcomes = commits.flatMap((each) => each.outcomes)
  return [...new Set(outcomes)].map((outcome, index) => [
    index === 0 ? undefined : ', ',
    markup`<span class="outcome ${outcome}">${countOutcomes(
      outcomes.filter((each) => each === outcome),
      shortWords,
    )}</span>`,
  ])
}

function strip(
  commits: readonly CommitOutcomes[],
  step: RangeStep | undefined,
  record: BisectionRecord,
  { places }: RangeStory,
  scale: RangeScale,
): Markup {
  const y = rowHeight / 2
  return markup`<svg width="100%" height="${rowHeight}" aria-hidden="true">
    <line class="track" x1="${percent(scale.at(0))}" x2="${percent(scale.at(record.rangeSize))}" y1="${y}" y2="${y}"/>
    ${(step?.spans ?? []).map(({ from, to, share }) => {
      const [left, right] = [scale.at(from - 0.5), scale.at(to + 0.5)]
      return markup`<rect class="suspect" x="${percent(left)}" width="${percent(right - left)}" y="4" height="${rowHeight - 8}" opacity="${opacityOf(share)}"/>`
    })}
    ${commits.map(({ commit, outcomes }) => {
      const place = placeOf(commit, record, places)
      if (place === undefined) return undefined
      return markup`<svg x="${percent(scale.at(place))}" y="${y}" overflow="visible">${outcomeShape(strongest(outcomes))}</svg>`
    })}
  </svg>`
}

/** The end before the range has the place 0; a revert has none. */
function placeOf(commit: string, record: BisectionRecord, places: RangeStory['places']): number | undefined {
  const { earlier } = endsOf(record)
  return places[commit] ?? (commit === earlier || record.ends.passing.includes(commit) ? 0 : undefined)
}

/** Faint suspicion is still to be seen. */
function opacityOf(share: number): string {
  return (0.1 + 0.45 * Math.sqrt(share)).toFixed(2)
}

function leftOf(step: RangeStep | undefined, { rangeSize }: BisectionRecord): string {
  if (step === undefined) return ''
  if (step.left === 0) return 'none'
  const left = Math.max(1, Math.min(rangeSize, step.left))
  return left < 2 ? formatConfidence(step.probability).replace('more than', '>') : formatCount(left)
}

function percent(value: number): string {
  return `${Number(value.toFixed(2))}%`
}
