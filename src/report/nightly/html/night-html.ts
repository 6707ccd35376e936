import type { CellOutcome, NightCell, NightRecord } from '../../../core/night-record.ts'
import { formatMoment } from '../../../core/moment.ts'
import { formatElapsed } from '../../format.ts'
import { markup, type Content, type Markup } from '../../html/markup.ts'
import { staticPage } from '../../html/static-page.ts'
import { hasNews, type NightComparison, type SlowerBoot } from '../compare-nights.ts'
import { countOutcomes, outcomeWords, titleOfNight } from '../night-words.ts'
import type { NightNews } from '../night-news.ts'

/** A night for people: what is new, the matrix with a link in each cell, and what was booted. */
export function nightHtml(record: NightRecord, news: NightNews): string {
  const title = titleOfNight(record)
  const isGood = title === 'All passed' || title === 'Nothing has changed'
  return staticPage({
    title: `${record.name}: ${title}`,
    styles: ['merge.css', 'night.css'],
    body: markup`<header class="top">
        <h1 class="${isGood ? 'good' : 'bad'}">${title}</h1>
        <p>${record.name}, ${formatMoment(record.startedAt)}: ${countOutcomes(record.cells)}, in ${formatElapsed(record.activeMs)}</p>
        ${record.stopped === undefined ? undefined : markup`<p class="amiss">Stopped: ${record.stopped}</p>`}
      </header>
      <main>
        ${news.last && changes('Since the last night', news.last)}
        ${news.lastGood && news.lastGood.startedAt !== news.last?.startedAt ? changes('Since the last night in which all passed', news.lastGood) : undefined}
        ${failures(record)}
        ${matrix(record)}
        ${bisections(record)}
        ${payloads(record)}
        ${boardsOut(record)}
      </main>`,
  })
}

function changes(title: string, comparison: NightComparison): Markup {
  const { startedAt, newFailures, newTrouble, fixed, flaky, slowerBoots, stillFailing } = comparison
  const lists: readonly (readonly [string, string, readonly Content[]])[] = [
    ['New failures', 'bad', newFailures.map(cellLink)],
    ['New trouble of the bench', 'amiss', newTrouble.map(cellLink)],
    ['Fixed', 'good', fixed.map(cellLink)],
    ['Flaky', 'doubtful', flaky.map(cellLink)],
    ['Slower boots', 'doubtful', slowerBoots.map(slower)],
  ]
  const still = stillFailing === 0 ? '' : ` ${stillFailing} failed then, too.`
  return markup`<section>
    <h2>${title}</h2>
    <p class="quiet">It began ${formatMoment(startedAt)}.${still}${hasNews(comparison) ? '' : ' Nothing is new.'}</p>
    ${lists.map(([name, tone, items]) =>
      items.length === 0
        ? undefined
        : markup`<h3 class="${tone}">${name}: ${items.length}</h3><ul class="cells">${items.map((item) => markup`<li>${item}</li>`)}</ul>`,
    )}
  </section>`
}

function cellLink(cell: NightCell): Content {
  const name = markup`<code>${cell.id}</code>`
  const link = linkOf(cell)
  const why =
    cell.outcome === 'passed' || cell.why === undefined
      ? undefined
      : markup` <span class="quiet">${cell.why}</span>`
  return [link === undefined ? name : markup`<a href="${link}">${name}</a>`, why]
}

function slower({ cell, wasMs, isMs }: SlowerBoot): Content {
  return [cellLink(cell), ` ${formatElapsed(isMs)}, was ${formatElapsed(wasMs)}`]
}

const mostFailures = 60

function failures({ cells }: NightRecord): Markup | undefined {
  const amiss = cells.filter(
    ({ outcome }) => outcome !== undefined && toneOf(outcome) !== 'good' && outcome !== 'skipped',
  )
  if (amiss.length === 0) return undefined
  const lines = amiss.filter((cell, index) => cell.outcome !== 'not-run' || index === firstLike(cell, amiss))
  const left = lines.length - mostFailures
  return markup`<section>
    <h2>What did not pass</h2>
    <ul class="cells">${lines.slice(0, mostFailures).map((cell) => failure(cell, amiss))}</ul>
    ${left > 0 ? markup`<p class="quiet">and ${left} more, in the matrix</p>` : undefined}
  </section>`
}

/** What was given up for one reason, such as a board that is out, is one line. */
function firstLike({ outcome, why }: NightCell, cells: readonly NightCell[]): number {
  return cells.findIndex((cell) => cell.outcome === outcome && cell.why === why)
}

function failure(cell: NightCell, all: readonly NightCell[]): Markup {
  const { id, outcome, blame, why } = cell
  const link = linkOf(cell)
  const others =
    outcome === 'not-run' ? all.filter((each) => each.outcome === outcome && each.why === why).length - 1 : 0
  const name = markup`<code>${id}</code>${others === 0 ? undefined : ` and ${others} more`}`
  const acts = blame === undefined ? '' : `, blame: ${blame}`
  return markup`<li>${link === undefined ? name : markup`<a href="${link}">${name}</a>`} <span class="${toneOf(outcome)}">${wordOf(outcome)}</span><span class="quiet">${acts}</span>: ${why}</li>`
}

function matrix({ cells, boards, payloads, specs }: NightRecord): Markup {
  const byId = new Map(cells.map((cell) => [cell.id, cell]))
  return markup`<section>
    <h2>Cells</h2>
    <div class="wide">
      <table class="matrix">
        <thead><tr><th scope="col">Payload and spec</th>${boards.map((board) => markup`<th scope="col">${board}</th>`)}</tr></thead>
        ${payloads.map(
          (payload) => markup`<tbody>
          <tr class="file"><th scope="rowgroup" colspan="${boards.length + 1}">${payload.name}</th></tr>
          ${specs.map(
            (spec) =>
              markup`<tr>
                <th scope="row">${spec.name}</th>
                ${boards.map((board) => matrixCell(byId.get(`${board}/${payload.name}/${spec.name}`)))}
              </tr>`,
          )}
        </tbody>`,
        )}
      </table>
    </div>
  </section>`
}

const signs = { good: '✓', doubtful: '~', bad: '✗', amiss: '!', neutral: '-' } as const

function matrixCell(cell: NightCell | undefined): Markup {
  if (cell === undefined) return markup`<td class="none"></td>`
  const { outcome, attempts } = cell
  const tone = toneOf(outcome)
  const took = attempts.reduce((sum, { durationMs }) => sum + durationMs, 0)
  const time = attempts.length === 0 ? '' : formatElapsed(took)
  const tries = attempts.length > 1 ? `${attempts.length} tries` : ''
  const label = markup`<span class="sign" aria-hidden="true">${signs[tone]}</span> ${outcome === 'passed' ? markup`<span class="hidden">passed</span>` : wordOf(outcome)} <span class="time">${[time, tries].filter((text) => text !== '').join(', ')}</span>`
  const link = linkOf(cell)
  return markup`<td class="${tone}" title="${cell.why ?? ''}">${link === undefined ? label : markup`<a href="${link}">${label}</a>`}</td>`
}

function bisections({ bisections: all }: NightRecord): Markup | undefined {
  if (all.length === 0) return undefined
  return markup`<section>
    <h2>Bisections</h2>
    <ul class="cells">${all.map(
      ({ cell, good, bad, directory, summary, culprit }) =>
        markup`<li>${directory === undefined ? cell : markup`<a href="${directory}/report.html"><code>${cell}</code></a>`}: ${summary ?? `${good.slice(0, 12)} to ${bad.slice(0, 12)}`}${culprit === undefined ? '' : ` (${culprit})`}</li>`,
    )}</ul>
  </section>`
}

function payloads({ payloads: all }: NightRecord): Markup {
  return markup`<section>
    <h2>Payloads</h2>
    <div class="wide"><table><tbody>${all.map(
      ({ name, description, commit, obstacle, skipped, durationMs, isCached, log, notes = [] }) =>
        markup`<tr>
          <th scope="row">${name}</th>
          <td>${description}</td>
          <td>${commit === undefined ? undefined : markup`<code>${commit.shortId}</code> ${commit.subject}`}</td>
          <td class="${obstacle === undefined ? '' : 'bad'}">${obstacle?.why ?? skipped ?? (isCached === true ? 'found in the cache' : durationMs === undefined ? '' : `ready in ${formatElapsed(durationMs)}`)}${log === undefined ? undefined : markup` <a href="${log}">log</a>`}</td>
          <td class="quiet">${notes.join('; ')}</td>
        </tr>`,
    )}</tbody></table></div>
  </section>`
}

function boardsOut({ boardsOut: out, notes }: NightRecord): Markup | undefined {
  const boards = Object.entries(out)
  if (boards.length + notes.length === 0) return undefined
  return markup`<section>
    <h2>Boards and notes</h2>
    <ul class="cells">
      ${boards.map(([board, why]) => markup`<li class="amiss">${board} is out: ${why}</li>`)}
      ${notes.map((note) => markup`<li>${note}</li>`)}
    </ul>
  </section>`
}

/** The report of the last try. */
function linkOf({ attempts }: NightCell): string | undefined {
  const report = attempts.at(-1)?.report
  return report === undefined
    ? undefined
    : `${report.split('/').map(encodeURIComponent).join('/')}/report.html`
}

function toneOf(outcome: CellOutcome | undefined) {
  return outcome === undefined ? 'neutral' : outcomeWords[outcome].tone
}

function wordOf(outcome: CellOutcome | undefined): string {
  return outcome === undefined ? 'to do' : outcomeWords[outcome].word
}
