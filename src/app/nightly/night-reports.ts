import { appendFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '../../core/errors.ts'
import type { NightCell, NightRecord } from '../../core/night-record.ts'
import { JunitSuites } from '../../report/files/junit.ts'
import { toKcidb } from '../../report/machine/kcidb.ts'
import { nightHtml } from '../../report/nightly/html/night-html.ts'
import { nightMarkdown } from '../../report/nightly/night-markdown.ts'
import type { NightNews } from '../../report/nightly/night-news.ts'
import { nightSummary } from '../../report/nightly/night-summary.ts'
import { readRecord } from '../../report/read-record.ts'
import type { RunRecord } from '../../report/run-record.ts'
import { kcidbNames } from '../report/kcidb-names.ts'

/** The files of a night beside its state. */
export const reportFiles = [
  'report.html',
  'overview.json',
  'junit.xml',
  'kcidb.json',
  'summary.md',
  'summary.txt',
] as const

/**
 * Writes all reports of a night.
 * @param place where they are, for the summaries
 * @throws HilError `kcidb.name` (environment)
 */
export async function writeNightReports(
  directory: string,
  record: NightRecord,
  news: NightNews,
  place: string,
): Promise<void> {
  const names = kcidbNames()
  const suites = new JunitSuites()
  const kcidb = new Map<string, Map<string, Item>>()
  const unreadable: string[] = []
  // One after the other: a night may have a thousand runs, and a run may be long.
  for (const cell of record.cells) {
    const runs = await readRuns(directory, cell, unreadable)
    const last = runs.at(-1)
    if (last !== undefined) suites.add(last, `${cell.payload}.`)
    else addMissing(suites, cell)
    for (const run of runs) collect(kcidb, toKcidb(run, names))
  }
  const markdown = nightMarkdown(record, news, place)
  await writeOverview(directory, record, news)
  const write = writerIn(directory)
  await write('junit.xml', suites.toXml(record.activeMs))
  const items = Object.fromEntries([...kcidb].map(([kind, byId]) => [kind, [...byId.values()]]))
  await write('kcidb.json', `${JSON.stringify({ version: { major: 5, minor: 3 }, ...items })}\n`)
  await write('summary.md', markdown)
  await write('summary.txt', nightSummary(record, news, place))
  const step = process.env['GITHUB_STEP_SUMMARY']
  if (step !== undefined && step !== '') await appendFile(step, markdown)
  for (const sentence of unreadable) process.stderr.write(`hil: ${sentence}\n`)
}

/** Writes what has the notes of a night, too: its page, and the same for scripts. */
export async function writeOverview(directory: string, record: NightRecord, news: NightNews): Promise<void> {
  const write = writerIn(directory)
  await write('report.html', nightHtml(record, news))
  await write('overview.json', `${JSON.stringify({ ...record, news }, undefined, 1)}\n`)
}

function writerIn(directory: string) {
  return (name: (typeof reportFiles)[number], text: string) => writeFile(join(directory, name), text)
}

type Item = Readonly<Record<string, unknown>>

async function readRuns(
  directory: string,
  { attempts }: NightCell,
  unreadable: string[],
): Promise<readonly RunRecord[]> {
  const runs: RunRecord[] = []
  for (const { report } of attempts) {
    if (report === undefined) continue
    try {
      runs.push(await readRecord(join(directory, report, 'events.jsonl')))
    } catch (error) {
      unreadable.push(messageOf(error))
    }
  }
  return runs
}

function addMissing(
  suites: JunitSuites,
  { board, payload, spec, outcome, why = 'not run' }: NightCell,
): void {
  const isHarmless = outcome === undefined || outcome === 'skipped'
  suites.addMissing(board, `${payload}.${board}`, spec, isHarmless ? 'skipped' : 'error', why)
}

/** The same build is told of by each of its runs. */
function collect(all: Map<string, Map<string, Item>>, report: Item): void {
  for (const kind of ['checkouts', 'builds', 'tests']) {
    const items = (report[kind] ?? []) as readonly Item[]
    const known = all.get(kind) ?? new Map<string, Item>()
    for (const item of items) known.set(String(item['id']), item)
    all.set(kind, known)
  }
}
