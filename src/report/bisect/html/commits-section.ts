import type { BisectionRecord, ProbeOutcome } from '../../../core/bisection-record.ts'
import type { RangeStory } from '../../../core/range-story.ts'
import { markup, type Content, type Markup } from '../../html/markup.ts'
import { formatCount } from '../amounts.ts'
import { namedCommits, nameOf, outcomeWords, termsOf, withSameKernel } from '../names.ts'
import { outcomeMark } from './outcome-mark.ts'
import { countOutcomes, outcomesOf } from './probe-groups.ts'
import { commitCell, commitTitle, number, section, table, text } from './tables.ts'

/** So many runs of one commit are drawn one by one. */
const mostDrawn = 24

/** What was run, in the order of the history: where failures begin can be seen. */
export function commitsSection(record: BisectionRecord, story: RangeStory | undefined): Markup | undefined {
  if (record.probes.length === 0) return undefined
  const places = story?.places ?? {}
  const named = namedCommits(record)
  const run = outcomesOf(record.probes)
  const notRun = named.filter((commit) => !run.some((each) => each.commit === commit))
  const all = [...run, ...notRun.map((commit) => ({ commit, outcomes: [] }))]
  const placeOf = (commit: string) => places[commit] ?? (commit.startsWith('revert ') ? Infinity : 0)
  const sorted = all.toSorted((a, b) => placeOf(a.commit) - placeOf(b.commit))
  return section('commits', `${commitTitle(record)}s that were run, in the order of the history`, [
    table(
      [number('Place'), text(commitTitle(record)), 'Is', text('Runs')],
      sorted.map(({ commit, outcomes }) => ({
        ...(named.includes(commit) ? { tone: 'named-row' } : {}),
        cells: [
          placeText(placeOf(commit), record),
          commitCell(record, commit),
          state(record, commit),
          outcomes.length === 0 ? whyNotRun(record, commit) : runs(outcomes),
        ],
      })),
    ),
  ])
}

/** What is known of a commit that was named and has no run of its own. */
function whyNotRun(record: BisectionRecord, commit: string): string {
  const obstacle = record.builds.find((build) => build.commit === commit)?.obstacle ?? record.setAside[commit]
  if (obstacle !== undefined) return `not testable: ${obstacle}`
  const same = withSameKernel(record, commit).find((other) =>
    record.probes.some((probe) => probe.commit === other),
  )
  return same === undefined
    ? 'not run'
    : `not run itself: it is the very same kernel as ${nameOf(record, same)}`
}

function placeText(place: number, { rangeSize }: BisectionRecord): string {
  if (place === Infinity) return ''
  return place === 0 ? 'before it' : `${formatCount(place)} of ${formatCount(rangeSize)}`
}

function state(record: BisectionRecord, commit: string): Content {
  const { failing, passing } = termsOf(record)
  const same = withSameKernel(record, commit)
  const outcomes = record.probes.flatMap((probe) => (same.includes(probe.commit) ? [probe.outcome] : []))
  if (outcomes.includes('fail')) return markup`<span class="outcome fail">${failing}</span>`
  if (outcomes.includes('pass')) return markup`<span class="outcome pass">${passing}</span>`
  return markup`<span class="outcome other">${outcomes.includes('other') ? 'not testable' : 'not known'}</span>`
}

function runs(outcomes: readonly ProbeOutcome[]): Content {
  const marks = outcomes.slice(0, mostDrawn).map(outcomeMark)
  return markup`<span class="marks">${marks}${outcomes.length > mostDrawn ? '…' : ''}</span> <span class="quiet">${countOutcomes(outcomes, outcomeWords)}</span>`
}
