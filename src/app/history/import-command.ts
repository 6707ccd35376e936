import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { HilError, messageOf } from '../../core/errors.ts'
import { verdicts } from '../../core/verdicts.ts'
import { describeLocation } from '../../history/location.ts'
import { latestLink } from '../../report/report-directory.ts'
import { importDirectories, importPending, openProjectHistory, projectHistory } from './project-history.ts'

/**
 * `hil history import`: of the runs in some directories, or of those that could not be imported before.
 * @returns the exit code: 2 where a run can't be read
 * @throws HilError `history.off`, `history.newer`, `history.no-run` (environment), `history.unreachable`
 *   (infrastructure)
 */
export async function importCommand(
  directories: readonly string[],
  reportDirectory: string,
  cwd = process.cwd(),
): Promise<number> {
  const project = projectHistory(reportDirectory, cwd)
  const runs = directories.flatMap((directory) => runsIn(resolve(cwd, directory), directory))
  await using history = await openProjectHistory(project)
  const { imported, known, unreadable } =
    directories.length === 0
      ? await importPending(project, history.db)
      : await importDirectories(project, history.db, [...new Set(runs)])
  for (const reason of unreadable) process.stderr.write(`hil: ${reason}\n`)
  const others = [
    ...(known > 0 ? [`${known} known already`] : []),
    ...(unreadable.length > 0 ? [`${unreadable.length} not readable`] : []),
  ]
  const where = describeLocation(project.location)
  process.stdout.write(`${[`${imported} imported into ${where}`, ...others].join(', ')}\n`)
  return unreadable.length === 0 ? 0 : verdicts['environment-wrong'].exit
}

/** A run's own directory, or one with the directories of runs in it. */
function runsIn(directory: string, typed: string): readonly string[] {
  if (isRun(directory)) return [directory]
  let names: readonly string[] = []
  try {
    names = readdirSync(directory).filter((name) => name !== latestLink)
  } catch (error) {
    throw noRun(`${typed} can't be read: ${messageOf(error)}`, error)
  }
  const runs = names.map((name) => join(directory, name)).filter(isRun)
  if (runs.length === 0) throw noRun(`there is no run in ${typed}: no directory with an events.jsonl`)
  return runs.sort()
}

function isRun(directory: string): boolean {
  return existsSync(join(directory, 'events.jsonl'))
}

function noRun(message: string, cause?: unknown): HilError {
  return new HilError('history.no-run', message, { blame: 'environment', cause })
}
