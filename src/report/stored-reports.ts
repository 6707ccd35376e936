import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readRecord } from './read-record.ts'

/** A report that a run left in the directory of all reports. */
export interface StoredReport {
  /** Of its directory. */
  readonly name: string
  readonly startedAt: Date
  /** `passed` and `flaky` are good; a run that was cut off or interrupted is not. */
  readonly isGood: boolean
  /** Whether it came to its end; where not, it may go on. */
  readonly isFinished: boolean
  /** Files that hil does not write: somebody's own. */
  readonly strangers: readonly string[]
}

/** Something in the directory of all reports that is none. */
export interface NoReport {
  readonly name: string
  readonly why: string
}

/** What a run leaves, and nothing else. */
const ownFiles =
  /^(?:events\.jsonl|report\.html|console(?:-[\w.+-]{1,200})?\.(?:log|raw)|junit\.xml|summary\.json|environment\.yaml|hil\.log)$/

/** Looks at each directory; links (`latest`) and what is hidden are passed over. */
export async function listReports(root: string): Promise<readonly (StoredReport | NoReport)[]> {
  const names = readdirSync(root).filter((name) => !name.startsWith('.'))
  const found: (StoredReport | NoReport)[] = []
  for (const name of names.sort()) {
    if (lstatSync(join(root, name)).isDirectory()) found.push(await lookAt(root, name))
  }
  return found
}

async function lookAt(root: string, name: string): Promise<StoredReport | NoReport> {
  const directory = join(root, name)
  const entries = readdirSync(directory, { withFileTypes: true })
  if (!entries.some((entry) => entry.name === 'events.jsonl' && entry.isFile())) {
    return { name, why: 'it has no events.jsonl' }
  }
  try {
    const { started, finished } = await readRecord(join(directory, 'events.jsonl'))
    const startedAt = new Date(started?.startedAt ?? NaN)
    if (Number.isNaN(startedAt.getTime())) return { name, why: 'its events do not say when it began' }
    const isGood =
      finished?.interruptedBy === undefined &&
      (finished?.verdict === 'passed' || finished?.verdict === 'flaky')
    const strangers = entries.filter((entry) => !entry.isFile() || !ownFiles.test(entry.name))
    return {
      ...{ name, startedAt, isGood, isFinished: finished !== undefined },
      strangers: strangers.map((entry) => entry.name),
    }
  } catch {
    return { name, why: 'its events.jsonl can not be read' }
  }
}
