import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import { HilError } from '../core/errors.ts'
import { reasonOf } from '../core/reason-of.ts'

/** A directory below `reports/` as seen by name: where the last run is. */
export const latestLink = 'latest'

/**
 * Makes the directory of one run: `2026-11-22T18-00-00Z-rock3a`, sorted by time when sorted by name.
 * Two runs in one second get different ones.
 *
 * @param root usually `reports`, created when missing
 * @throws HilError `report.directory` (environment) when it can't be made
 */
export function createReportDirectory(root: string, startedAt: Date, boards: readonly string[]): string {
  const time = startedAt
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-')
  const name = `${time}-${boards.length === 1 ? fileName(boards[0] ?? '') : `${boards.length}-boards`}`
  try {
    mkdirSync(root, { recursive: true })
    return makeUnique(join(root, name))
  } catch (error) {
    throw new HilError(
      'report.directory',
      `the report directory ${root} can't be written: ${reasonOf(error)}`,
      {
        blame: 'environment',
        details: { root },
        cause: error,
      },
    )
  }
}

/** Points `reports/latest` to a run, in one step: a reader sees the old one or the new one. */
export function linkLatest(root: string, directory: string): void {
  const temporary = join(root, `.${latestLink}-${process.pid}`)
  rmSync(temporary, { force: true })
  symlinkSync(basename(directory), temporary)
  renameSync(temporary, join(root, latestLink))
}

/** A board's name as a part of a file name. */
export function fileName(name: string): string {
  return name.replace(/[^\w.+-]+/g, '-').replace(/^\.+/, '') || 'board'
}

function makeUnique(path: string): string {
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? path : `${path}-${count}`
    try {
      mkdirSync(candidate)
      return candidate
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}
