import { existsSync, lstatSync, readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { isAmiss } from '../../../report/nightly/night-words.ts'
import { readRecord } from '../../../report/read-record.ts'
import { readBisection } from '../../bisect/bisection-file.ts'
import { openStoredNight } from '../../nightly/night-file.ts'
import {
  bisectionLayout,
  nightLayout,
  ownFilesIn,
  runLayout,
  type Layout,
  type OwnFiles,
} from './own-files.ts'

/** What a run, a night or a bisection left in the directory of all reports. */
export interface StoredReport extends OwnFiles {
  /** Of its directory. */
  readonly name: string
  /** When a run began, when a night or a bisection ended. */
  readonly time: Date
  /** Why it is kept as long as failures are: not all passed, it was cut off or interrupted, or it is a bisection. */
  readonly special: string | undefined
  /** Why it has to be kept however old it is. */
  readonly needed: string | undefined
}

/** Something in the directory of all reports that is none. */
export interface NoReport {
  readonly name: string
  readonly why: string
}

/** A run whose events grew in this time may go on, however old it is. */
const goesOnMs = 24 * 3_600_000

/** Looks at each directory; links (`latest`) and what is hidden are passed over. */
export async function listReports(root: string, now: number): Promise<readonly (StoredReport | NoReport)[]> {
  const names = readdirSync(root).filter((name) => !name.startsWith('.'))
  const found: (StoredReport | NoReport)[] = []
  for (const name of names.sort()) {
    const directory = join(root, name)
    if (lstatSync(directory).isDirectory()) found.push(await lookAt(directory, now))
  }
  return found
}

async function lookAt(directory: string, now: number): Promise<StoredReport | NoReport> {
  const name = basename(directory)
  const kind = kinds.find(({ layout }) => existsSync(join(directory, layout.marker)))
  if (kind === undefined) return { name, why: `it has no ${runLayout.marker}` }
  const { marker } = kind.layout
  const facts = await kind.read(directory, now).catch(() => undefined)
  if (facts === undefined) return { name, why: `its ${marker} can not be read` }
  if (Number.isNaN(facts.time.getTime())) return { name, why: `its ${marker} does not say when it was` }
  return { name, ...facts, ...ownFilesIn(directory, kind.layout) }
}

type Facts = Pick<StoredReport, 'time' | 'special' | 'needed'>

const kinds: readonly { layout: Layout; read(directory: string, now: number): Promise<Facts> }[] = [
  { layout: nightLayout, read: readNight },
  { layout: bisectionLayout, read: readConclusion },
  { layout: runLayout, read: readRun },
]

async function readRun(directory: string, now: number): Promise<Facts> {
  const file = join(directory, runLayout.marker)
  const { started, finished } = await readRecord(file)
  const mayGoOn = finished === undefined && now - statSync(file).mtimeMs < goesOnMs
  const isGood =
    finished?.interruptedBy === undefined && (finished?.verdict === 'passed' || finished?.verdict === 'flaky')
  return {
    time: new Date(started?.startedAt ?? NaN),
    special: isGood ? undefined : 'it did not pass',
    needed: mayGoOn ? 'it may still go on' : undefined,
  }
}

async function readNight(directory: string): Promise<Facts> {
  const { record } = await openStoredNight({ directory, reportRoot: '' }, directory)
  const isOver = record.stopped === undefined && record.finishedAt !== undefined
  return {
    time: new Date(record.finishedAt ?? record.startedAt),
    special: record.cells.some(isAmiss) ? 'not all of it passed' : undefined,
    needed: isOver ? undefined : '"hil nightly resume" can go on with it',
  }
}

async function readConclusion(directory: string): Promise<Facts> {
  const { conclusion, finishedAt, startedAt } = await readBisection(directory)
  return {
    time: new Date(finishedAt ?? startedAt),
    special: 'it is a bisection',
    needed: conclusion === undefined ? '"hil bisect resume" can go on with it' : undefined,
  }
}
