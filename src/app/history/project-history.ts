import { existsSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { now } from '../../core/clock.ts'
import { HilError, messageOf } from '../../core/errors.ts'
import { displayPath } from '../../environment/problems/problems.ts'
import type { History, HistoryDatabase } from '../../history/database/open-history.ts'
import { historyLocation, type HistoryLocation } from '../../history/location.ts'
import { openPendingRuns, type PendingRuns } from './pending-runs.ts'

/** The history of a project, as its environment variables and its directory of reports say. */
export interface ProjectHistory {
  readonly cwd: string
  readonly location: HistoryLocation
  readonly pending: PendingRuns
  readonly reportRoot: string
}

/** @param reportDirectory as typed @param variable `HIL_HISTORY` */
export function projectHistory(
  reportDirectory: string,
  cwd: string,
  variable = process.env['HIL_HISTORY'],
): ProjectHistory {
  const reportRoot = resolve(cwd, reportDirectory)
  return {
    ...{ cwd, reportRoot },
    location: historyLocation(variable, reportRoot, cwd),
    pending: openPendingRuns(reportRoot),
  }
}

/** Loads what it takes to open the database. */
export async function loadHistory({ kind }: HistoryLocation): Promise<void> {
  await import('../../history/database/open-history.ts')
  if (kind === 'sqlite') await import('../../history/database/sqlite.ts')
  if (kind === 'postgres') await import('../../history/database/postgres.ts')
}

/** Opens the database; its libraries are loaded only now. @throws HilError as `openHistory` */
export async function openProjectHistory({ location }: ProjectHistory): Promise<History> {
  const { openHistory } = await import('../../history/database/open-history.ts')
  return openHistory(location)
}

/** What became of the directories of runs. */
export interface ImportOutcome {
  readonly imported: number
  readonly known: number
  /** Why some can't be read. */
  readonly unreadable: readonly string[]
}

/**
 * Imports runs by their directories, as long as there is time for it.
 * @param directories absolute @param budgetMs after it no other one is begun
 * @throws what the database throws
 */
export async function importDirectories(
  { cwd, location, pending }: ProjectHistory,
  db: HistoryDatabase,
  directories: readonly string[],
  budgetMs = Number.POSITIVE_INFINITY,
): Promise<ImportOutcome> {
  const { importRun, isKnown } = await import('../../history/import-run.ts')
  const { collectRun, readRunId } = await import('./collect-run.ts')
  const start = now()
  let [imported, known] = [0, 0]
  const unreadable: string[] = []
  for (const directory of directories) {
    if (now() - start > budgetMs) break
    try {
      const name = location.kind === 'postgres' ? `${hostname()}:${directory}` : displayPath(directory, cwd)
      const isNew =
        !(await isKnown(db, await readRunId(directory))) &&
        (await importRun(db, await collectRun(directory, name)))
      if (isNew) imported++
      else known++
    } catch (error) {
      if (!(error instanceof HilError) || error.code !== 'report.events') throw error
      unreadable.push(messageOf(error))
    }
    pending.remove(basename(directory))
  }
  return { imported, known, unreadable }
}

/** Imports what could not be imported before. A report that is gone is forgotten. */
export async function importPending(
  history: ProjectHistory,
  db: HistoryDatabase,
  budgetMs?: number,
): Promise<ImportOutcome> {
  const { pending, reportRoot } = history
  const directories = pending.list().flatMap((name) => {
    const directory = join(reportRoot, name)
    if (existsSync(directory)) return [directory]
    pending.remove(name)
    return []
  })
  return importDirectories(history, db, directories, budgetMs)
}
