import type { BisectionCheck, BisectionRecord } from '../../../core/bisection-record.ts'
import { findingsSection, kernelLinesSection, stagesSection } from '../../diff/html/differences.ts'
import { markup, type Content, type Markup } from '../../html/markup.ts'
import { staticPage } from '../../html/static-page.ts'
import { checksOf } from '../checks.ts'
import { namedCommits, nameOf, withSameKernel } from '../names.ts'
import { reproductions } from '../reproduce.ts'
import { verdictOf } from '../verdict.ts'
import { commitsSection } from './commits-section.ts'
import { bisectionHeader } from './header.ts'
import type { BootsSideBySide, PageMaterial } from './page-material.ts'
import { rangeSection } from './range-section.ts'
import { boardsSection, buildsSection, runsSection, section } from './tables.ts'

/** A bisection for people: one page that loads nothing and runs nothing. */
export function bisectionHtml(record: BisectionRecord, material: PageMaterial): string {
  const sections: readonly (readonly [id: string, name: string, content: Markup | undefined])[] = [
    ['checks', 'Checks', checksSection(record)],
    ['range', 'Range', rangeSection(record, material.story)],
    ['boots', 'Boots side by side', bootsSection(record, material.boots)],
    ['reproduce', 'Reproduce', reproduceSection(record, material)],
    ['commits', 'Commits', commitsSection(record, material.story)],
    ['runs', 'Runs', runsSection(record, material)],
    ['builds', 'Builds', buildsSection(record, material)],
    ['boards', 'Boards', boardsSection(record)],
    ['about', 'About', aboutSection(record)],
  ]
  const shown = sections.filter(([, , content]) => content !== undefined)
  return staticPage({
    title: `${verdictOf(record).title}: ${verdictOf(record).sentence}`,
    styles: ['diff.css', 'bisect.css'],
    body: markup`${bisectionHeader(record)}
      <nav aria-label="Parts of this page">${shown.map(([id, name]) => markup`<a href="#${id}">${name}</a> `)}</nav>
      <main>${shown.map(([, , content]) => content)}</main>`,
  })
}

const signs = { passed: '✓', failed: '✗', 'not done': '–' } as const
const tones = { passed: 'good', failed: 'bad', 'not done': 'neutral' } as const

function checksSection(record: BisectionRecord): Markup | undefined {
  const checks = checksOf(record)
  if (checks.length === 0) return undefined
  return section(
    'checks',
    'What was checked',
    markup`<ul class="checks">
    ${checks.map(checkItem)}
  </ul>`,
  )
}

function checkItem({ name, result, detail }: BisectionCheck): Markup {
  return markup`<li class="${tones[result]}">
    <span class="sign" aria-hidden="true">${signs[result]}</span>
    <span><span class="hidden">${result}: </span><strong>${name}</strong><span class="quiet">: ${detail}</span></span>
  </li>`
}

function bootsSection(record: BisectionRecord, boots: BootsSideBySide | undefined): Markup | undefined {
  if (boots === undefined) return undefined
  const { diff, a, b, page } = boots
  return section(
    'boots',
    'Boots side by side',
    markup`<p>
        <span class="side a">A</span> ${bootOf(record, a)} <span class="side b">B</span> ${bootOf(record, b)}
        ${page === undefined ? undefined : markup` <a href="${page}">both consoles, line beside line</a>`}
      </p>
      <div class="boots">${findingsSection(diff)}${stagesSection(diff)}${kernelLinesSection(diff)}</div>`,
  )
}

/** A commit that ran in place of another one says so. */
function bootOf(record: BisectionRecord, commit: string): Content {
  const [named = ''] = namedCommits(record)
  const meant = [named, ...(record.commits[named]?.parents ?? [])]
  const same = meant.includes(commit)
    ? undefined
    : withSameKernel(record, commit).find((each) => meant.includes(each))
  return [
    markup`<code>${nameOf(record, commit)}</code>`,
    same === undefined ? undefined : ` (the same kernel as ${nameOf(record, same)})`,
  ]
}

function reproduceSection(record: BisectionRecord, { log, mail }: PageMaterial): Markup {
  return section('reproduce', 'How to reproduce it', [
    reproductions(record).map(
      ({ what, command }) =>
        markup`<p class="quiet">${what}:</p>
          <pre class="commands">${command}</pre>`,
    ),
    folded('Git bisection log, for "git bisect replay"', log),
    folded('A mail that tells of it; it was sent to nobody', mail),
  ])
}

function folded(title: string, text: string | undefined): Markup | undefined {
  return text === undefined
    ? undefined
    : markup`<details>
        <summary>${title}</summary>
        <pre class="commands">${text}</pre>
      </details>`
}

function aboutSection(record: BisectionRecord): Markup {
  const { id, source, specs, environmentFile, kernel, versions, notes, terms, stopped } = record
  const isOfGit = source.kind !== 'payloads'
  const pairs: readonly (readonly [string, Content])[] = [
    ['Bisection', id],
    ['Stopped', stopped],
    [isOfGit ? 'Repository' : 'Payloads', isOfGit ? source.repository : source.from],
    ['Remote', isOfGit ? source.remote : undefined],
    ['Branch', isOfGit ? source.branch : undefined],
    ['Only paths', isOfGit && source.paths.length > 0 ? source.paths.join(', ') : undefined],
    ['Merges', isOfGit && source.firstParent ? 'what was merged counts as one commit' : undefined],
    [
      'Skipped by wish',
      isOfGit && source.skipped.length > 0 ? `${source.skipped.length} commits` : undefined,
    ],
    ['Built by', isOfGit ? (source.command ?? 'the kernel tree itself') : undefined],
    ['Terms', `${terms.old}, ${terms.new}`],
    ['Specs', specs.join(', ')],
    ['Environment', environmentFile],
    ['Architecture', kernel?.architecture],
    ['Compiler', kernel?.compiler],
    ['Configuration', kernel?.config && `${kernel.config.name} (sha256 ${kernel.config.sha256})`],
    ...Object.entries(versions ?? {}),
  ]
  return section('about', 'About this bisection', [
    markup`<dl class="pairs">
      ${pairs.map(([name, value]) => (value === undefined || value === '' ? undefined : markup`<div><dt>${name}</dt><dd>${value}</dd></div>`))}
    </dl>`,
    notes.length === 0
      ? undefined
      : markup`<h3>Notes</h3><ul class="notes">${notes.map((note) => markup`<li>${note}</li>`)}</ul>`,
  ])
}
