import { verdicts } from '../../core/verdicts.ts'
import { formatSecond } from '../../core/moment.ts'
import { formatElapsed } from '../format.ts'
import { markup, type Markup } from '../html/markup.ts'
import { toneOf } from '../html/parts/header.ts'
import { staticPage } from '../html/static-page.ts'
import { describeCounts, describeOverview } from './describe-overview.ts'
import {
  worst,
  type MergedRun,
  type Overview,
  type RunRow,
  type TestResult,
  type TestRow,
} from './merge-runs.ts'
import { signOf, timesSo } from './merge-text.ts'

/** @returns the address of a run's own report as seen from the page; `undefined` where it has none */
export type LinkTo = (run: MergedRun) => string | undefined

/** Tests by boards, as a page whose cells lead to the reports of the runs. */
export function mergeHtml(overview: Overview, linkTo: LinkTo): string {
  const tone = overview.verdict === undefined ? 'amiss' : toneOf(overview.verdict)
  return staticPage({
    title: describeOverview(overview),
    styles: ['merge.css'],
    body: markup`<header class="top">
        <h1 class="${tone}">${title(overview)}</h1>
        <p>${describeOverview(overview)}</p>
        <p class="quiet">${describeCounts(overview)}</p>
      </header>
      <main>${matrix(overview, linkTo)}${runsSection(overview.runs, linkTo)}</main>`,
  })
}

function title({ verdict }: Overview): string {
  const words = verdict === undefined ? 'not finished' : verdict.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function matrix({ boards, tests }: Overview, linkTo: LinkTo): Markup {
  if (tests.length === 0) return markup`<section><p class="quiet">No run came to a test.</p></section>`
  const files = [...new Set(tests.map(({ file }) => file))]
  return markup`<section>
    <h2>Tests by board</h2>
    <div class="wide">
      <table class="matrix">
        <thead>
          <tr>
            <th scope="col">Test</th>
            ${boards.map((board) => markup`<th scope="col">${board}</th>`)}
          </tr>
        </thead>
        ${files.map((file) =>
          fileRows(
            file,
            tests.filter((test) => test.file === file),
            boards,
            linkTo,
          ),
        )}
      </table>
    </div>
  </section>`
}

function fileRows(
  file: string,
  tests: readonly TestRow[],
  boards: readonly string[],
  linkTo: LinkTo,
): Markup {
  return markup`<tbody>
    <tr class="file">
      <th scope="rowgroup" colspan="${boards.length + 1}">${file}</th>
    </tr>
    ${tests.map(
      ({ title, results }) =>
        markup`<tr>
          <th scope="row">${title}</th>
          ${boards.map((board) => cell(results.get(board) ?? [], board, linkTo))}
        </tr>`,
    )}
  </tbody>`
}

function cell(results: readonly TestResult[], board: string, linkTo: LinkTo): Markup {
  const result = worst(results)
  if (result === undefined) return markup`<td class="none"></td>`
  const { outcome, durationMs, error, run, at } = result
  const name = outcome.replaceAll('-', ' ')
  const time = durationMs === undefined || outcome === 'skipped' ? '' : formatElapsed(durationMs)
  const times = results.length === 1 ? '' : `${timesSo(results, result)} of ${results.length}`
  const label = markup`<span class="sign" aria-hidden="true">${signOf(outcome)}</span> ${outcome === 'passed' ? markup`<span class="hidden">passed</span>` : name} <span class="time">${[time, times].filter((text) => text !== '').join(', ')}</span>`
  const link = linkTo(run)
  const moment = at === undefined ? '' : momentOf(at, board, run)
  return markup`<td class="${toneOf(outcome === 'not run' ? 'skipped' : outcome)}">
    ${link === undefined ? label : markup`<a href="${link}${moment}">${label}</a>`}
    ${error === undefined ? undefined : markup`<p class="error">${error}</p>`}
  </td>`
}

/** What a report's own links look like. */
function momentOf(at: number, group: string, { record }: MergedRun): string {
  const [board = ''] = group.split(' + ')
  const which = record.boards.length > 1 ? `&board=${encodeURIComponent(board)}` : ''
  return `#t=${(at / 1000).toFixed(3)}${which}`
}

function runsSection(runs: readonly RunRow[], linkTo: LinkTo): Markup {
  return markup`<section>
    <h2>Runs</h2>
    <div class="wide">
      <table>
        <thead>
          <tr>
            ${['Run', 'Verdict', 'Boards', 'Began', 'Took', 'Apart from its tests'].map((name) => markup`<th scope="col">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${runs.map((run) => runRow(run, linkTo(run)))}
        </tbody>
      </table>
    </div>
  </section>`
}

function runRow({ source, verdict, record, trouble }: RunRow, link: string | undefined): Markup {
  const { started, finished } = record
  return markup`<tr>
    <td>${link === undefined ? source : markup`<a href="${link}">${source}</a>`}</td>
    <td class="${verdict in verdicts ? toneOf(verdict) : 'amiss'}">${verdict.replaceAll('-', ' ')}</td>
    <td>${record.boards.map(({ name }) => name).join(', ')}</td>
    <td>${started && formatSecond(started.startedAt)}</td>
    <td>${formatElapsed(finished?.durationMs ?? record.t)}</td>
    <td>${trouble}</td>
  </tr>`
}
