import type { BisectionRecord } from '../../../core/bisection-record.ts'
import { formatSecond } from '../../../core/moment.ts'
import { describeFailure } from '../../failures-of-run.ts'
import { formatElapsed } from '../../format.ts'
import { markup, type Content, type Markup } from '../../html/markup.ts'
import { formatConfidence, formatCount } from '../amounts.ts'
import { fixesLine, trackerLine } from '../mail/mail-result.ts'
import { endsOf, hasCommits, isOfLinux, namedCommits, nameOf } from '../names.ts'
import { verdictOf } from '../verdict.ts'

/** So many candidates are named at the head; the table of commits has all that were run. */
const mostNamed = 12

/** In one look: what it came to, how sure that is, and what can be done with it. */
export function bisectionHeader(record: BisectionRecord): Markup {
  const { tone, title, sentence, remark } = verdictOf(record)
  const named = namedCommits(record)
  return markup`<header class="verdict ${tone}">
    <div>
      <h1>${title}</h1>
      ${named.length > 0 ? commitList(record, named) : markup`<p class="sentence">${sentence}.</p>`}
      ${named.length > 0 && tone !== 'bad' && tone !== 'good' ? markup`<p>${sentence}.</p>` : undefined}
      ${remark === undefined ? undefined : markup`<p class="remark">${remark}.</p>`}
      ${record.signature === undefined ? undefined : markup`<p class="quiet">The failure: ${describeFailure(record.signature)}</p>`}
      ${readyLines(record)}
    </div>
    <dl class="facts">${facts(record)}</dl>
  </header>`
}

function commitList(record: BisectionRecord, commits: readonly string[]): Markup {
  const left = commits.length - mostNamed
  return markup`<ul class="named">
    ${commits.slice(0, mostNamed).map((commit) => commitItem(record, commit))}
    ${left > 0 ? markup`<li class="quiet">and ${formatCount(left)} more</li>` : undefined}
  </ul>`
}

function commitItem(record: BisectionRecord, commit: string): Markup {
  const { shortId = commit, subject, author, date, describe } = record.commits[commit] ?? {}
  const about = [author, date?.slice(0, 10), describe].filter((text) => text !== undefined)
  return markup`<li>
    <p class="sentence"><code>${shortId}</code> ${subject === shortId ? undefined : subject}</p>
    ${about.length === 0 ? undefined : markup`<p class="quiet">${about.join(' · ')}</p>`}
  </li>`
}

/** Lines for other tools; a click selects one. */
function readyLines(record: BisectionRecord): Markup | undefined {
  const { isCertain } = verdictOf(record)
  const [commit = ''] = record.conclusion?.commits ?? []
  if (!isCertain || !hasCommits(record)) return undefined
  const lines = [
    ...(record.change === 'fix' ? [] : [fixesLine(record, commit)]),
    ...(isOfLinux(record) ? [trackerLine(record)] : []),
  ]
  if (lines.length === 0) return undefined
  return markup`<ul class="ready">
    ${lines.map((line) => markup`<li><code>${line}</code></li>`)}
  </ul>`
}

function facts(record: BisectionRecord): Content {
  const { conclusion, probes, builds, boards, boardsOut, rangeSize, activeMs, startedAt, confidenceWanted } =
    record
  const out = Object.keys(boardsOut).length
  const unit = hasCommits(record) ? 'commits' : 'payloads'
  const { earlier, later } = endsOf(record)
  return [
    conclusion?.confidence === undefined
      ? undefined
      : fact(
          'Confidence',
          `${formatConfidence(conclusion.confidence)} (asked for: ${formatConfidence(confidenceWanted)})`,
        ),
    fact('Range', `${formatCount(rangeSize)} ${unit}`),
    fact('From', endName(record, earlier, record.terms.old)),
    fact('To', endName(record, later, record.terms.new)),
    fact('Runs', formatCount(probes.length)),
    fact('Builds', formatCount(builds.length)),
    fact('Boards', `${boards.join(', ')}${out === 0 ? '' : ` (${out} taken out)`}`),
    fact('Took', formatElapsed(activeMs)),
    fact('Began', markup`<time datetime="${startedAt}">${formatSecond(startedAt)}</time>`),
  ]
}

function endName(record: BisectionRecord, commit: string, term: string): string {
  return `${nameOf(record, commit)} (${term})`
}

function fact(name: string, value: Content): Markup {
  return markup`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`
}
