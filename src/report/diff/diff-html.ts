import type { RecordedRun } from '../boots/recorded-boot.ts'
import { markup } from '../html/markup.ts'
import { staticPage } from '../html/static-page.ts'
import type { BootDiff } from './compare-boots.ts'
import { factsOf } from './describe-boot.ts'
import { bootsHeader } from './html/boots-header.ts'
import { consoles } from './html/consoles.ts'
import { findingsSection, kernelLinesSection, stagesSection } from './html/differences.ts'

/** Two boots side by side, as a page that needs no script. */
export function diffHtml(diff: BootDiff, runs: readonly [RecordedRun, RecordedRun]): string {
  const [a, b] = [factsOf(runs[0], diff.a), factsOf(runs[1], diff.b)]
  const nameOf = ({ board, source }: typeof a) => (board === '' ? source : board)
  return staticPage({
    title: `${nameOf(a)} and ${nameOf(b)}: two boots`,
    styles: ['diff.css'],
    body: markup`${bootsHeader(diff, a, b)}
<main>
${findingsSection(diff)}
${stagesSection(diff)}
${kernelLinesSection(diff)}
${consoles(diff)}
</main>`,
  })
}
