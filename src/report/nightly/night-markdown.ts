import { nightSummary } from './night-summary.ts'
import type { NightNews } from './night-news.ts'
import type { NightRecord } from '../../core/night-record.ts'
import { isAmiss, outcomeWords } from './night-words.ts'
import { fenced, inline } from '../machine/markdown-text.ts'

/** The summary of a job has a size. */
const mostRows = 100

/** A night as GitHub's Markdown. */
export function nightMarkdown(record: NightRecord, news: NightNews, place: string): string {
  const amiss = record.cells.filter(isAmiss)
  const rows = amiss.slice(0, mostRows).map(({ board, payload, spec, outcome = 'not-run', why = '' }) => {
    const cells = [outcomeWords[outcome].word, inline(board), inline(payload), inline(spec), inline(why)]
    return `| ${cells.join(' | ')} |`
  })
  const table = [
    '| outcome | board | payload | spec | why |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n')
  const [title = '', ...rest] = nightSummary(record, news, place).trimEnd().split('\n')
  return [`### ${inline(title)}`, fenced(rest), ...(rows.length === 0 ? [] : [table])]
    .join('\n\n')
    .concat('\n')
}
