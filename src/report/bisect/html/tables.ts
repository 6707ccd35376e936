import type {
  BisectionRecord,
  BuildRecord,
  ProbeOutcome,
  ProbeRecord,
} from '../../../core/bisection-record.ts'
import { describeFailure } from '../../failures-of-run.ts'
import { formatElapsed } from '../../format.ts'
import { markup, type Content, type Markup } from '../../html/markup.ts'
import { hasCommits, nameOf, outcomeWords, purposeOf } from '../names.ts'
import { outcomeMark } from './outcome-mark.ts'
import type { PageMaterial } from './page-material.ts'

/** Every run, in the order in which they ended. */
export function runsSection(record: BisectionRecord, { linkTo }: PageMaterial): Markup | undefined {
  if (record.probes.length === 0) return undefined
  return section('runs', 'Runs', [
    table(
      [
        number('Run'),
        'Came to',
        text(commitTitle(record)),
        'Board',
        'For',
        number('Took'),
        text('Why'),
        'See',
      ],
      record.probes.map((probe) => ({ id: `run-${probe.number}`, cells: runCells(record, probe, linkTo) })),
    ),
  ])
}

function runCells(
  record: BisectionRecord,
  probe: ProbeRecord,
  linkTo: PageMaterial['linkTo'],
): readonly Content[] {
  const { number: which, outcome, commit, board, purpose, durationMs, why, report } = probe
  return [
    which,
    markup`${outcomeMark(outcome)} <span class="outcome ${outcome}">${outcomeWords[outcome]}</span>`,
    commitCell(record, commit),
    board,
    purposeOf(record, purpose),
    formatElapsed(durationMs),
    outcome === 'fail' && isLookedFor(record, why) ? 'as looked for' : why,
    report === undefined
      ? undefined
      : [
          link(linkTo(`${report}/report.html`), `report of run ${which}`, 'report'),
          ' ',
          link(linkTo(`${report}/console.log`), `console of run ${which}`, 'console'),
        ],
  ]
}

/** What stands at the head of the page need not stand in each row. */
function isLookedFor({ signature }: BisectionRecord, why: string): boolean {
  return signature !== undefined && why === describeFailure(signature)
}

export function buildsSection(record: BisectionRecord, { linkTo }: PageMaterial): Markup | undefined {
  const { builds } = record
  if (builds.length === 0) return undefined
  return section('builds', 'Builds', [
    table(
      [text(commitTitle(record)), text('Came to'), number('Took'), 'Kernel', 'See'],
      builds.map((build) => ({ cells: buildCells(record, build, linkTo) })),
    ),
  ])
}

function buildCells(
  record: BisectionRecord,
  build: BuildRecord,
  linkTo: PageMaterial['linkTo'],
): readonly Content[] {
  const { commit, durationMs, identity, obstacle, notes = [], isCached, log } = build
  const remark = notes.length === 0 ? '' : `; ${notes.join('; ')}`
  const came =
    obstacle === undefined
      ? isCached === true
        ? `found in the cache${remark}`
        : `built${remark}`
      : markup`<span class="outcome other">not testable</span> ${obstacle}`
  return [
    commitCell(record, commit),
    came,
    formatElapsed(durationMs),
    identity === undefined ? undefined : markup`<code>${identity.slice(0, 12)}</code>`,
    log === undefined ? undefined : link(linkTo(log), `log of the build of ${nameOf(record, commit)}`, 'log'),
  ]
}

/** How each board did: a bench that fails often is worth a look, though nothing of it counts. */
export function boardsSection(record: BisectionRecord): Markup {
  const { boards, boardsOut, setAside } = record
  const aside = Object.entries(setAside)
  return section('boards', 'Boards', [
    table(
      ['Board', ...['Runs', ...Object.values(outcomeWords), 'Times on', 'Worked'].map(number), text('State')],
      boards.map((board) => ({ cells: boardCells(record, board, boardsOut[board]) })),
    ),
    aside.length === 0
      ? undefined
      : markup`<h3>Commits with which the bench fails</h3>
          ${table(
            [text(commitTitle(record)), text('Why it is not tested')],
            aside.map(([commit, why]) => ({ cells: [commitCell(record, commit), why] })),
          )}`,
  ])
}

function boardCells({ probes }: BisectionRecord, board: string, out: string | undefined): readonly Content[] {
  const own = probes.filter((probe) => probe.board === board)
  const sum = (value: (probe: ProbeRecord) => number) => own.reduce((total, probe) => total + value(probe), 0)
  const counts = (Object.keys(outcomeWords) as readonly ProbeOutcome[]).map((outcome) => {
    const count = own.filter((probe) => probe.outcome === outcome).length
    return count === 0
      ? ''
      : outcome === 'infrastructure'
        ? markup`<span class="outcome infrastructure">${count}</span>`
        : count
  })
  return [
    board,
    own.length,
    ...counts,
    sum(({ powerCycles }) => powerCycles),
    formatElapsed(sum(({ durationMs }) => durationMs)),
    out === undefined ? 'in use' : markup`<span class="amiss">taken out</span>: ${out}`,
  ]
}

export function commitCell(record: BisectionRecord, commit: string): Markup {
  const { subject } = record.commits[commit] ?? {}
  return markup`<code>${nameOf(record, commit)}</code> <span class="quiet">${subject}</span>`
}

export function commitTitle(record: BisectionRecord): string {
  return hasCommits(record) ? 'Commit' : 'Payload'
}

function link(address: string | undefined, label: string, text: string): Markup | undefined {
  return address === undefined ? undefined : markup`<a href="${address}" aria-label="${label}">${text}</a>`
}

export function section(id: string, title: string, content: Content): Markup {
  return markup`<section id="${id}">
    <h2>${title}</h2>
    ${content}
  </section>`
}

export interface TableRow {
  readonly id?: string
  readonly tone?: string
  readonly cells: readonly Content[]
}

/** A column that holds sentences may break them, one that holds numbers has them to the right. */
export interface Column {
  readonly name: string
  readonly kind: 'text' | 'number'
}

export function text(name: string): Column {
  return { name, kind: 'text' }
}

export function number(name: string): Column {
  return { name, kind: 'number' }
}

export function table(columns: readonly (string | Column)[], rows: readonly TableRow[]): Markup {
  const kinds = columns.map((column) => (typeof column === 'string' ? '' : column.kind))
  const names = columns.map((column) => (typeof column === 'string' ? column : column.name))
  return markup`<div class="wide">
    <table>
      <thead>
        <tr>
          ${names.map((name, index) => markup`<th scope="col" class="${kinds[index]}">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(({ id, tone, cells }) => {
          const inside = cells.map((cell, index) => markup`<td class="${kinds[index]}">${cell}</td>`)
          const name = id === undefined ? undefined : markup` id="${id}"`
          return markup`<tr class="${tone}" ${name}>${inside}</tr>`
        })}
      </tbody>
    </table>
  </div>`
}
