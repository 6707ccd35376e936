import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { historyDirectory } from '../../history/location.ts'

/**
 * Runs that are not in history yet: an empty file for each, named as its directory in `reports/`. It is made
 * before a run is imported and removed after, so whatever fails in between loses none.
 */
export interface PendingRuns {
  add(name: string): void
  remove(name: string): void
  /** Oldest first. */
  list(): readonly string[]
}

/** @param reportRoot absolute */
export function openPendingRuns(reportRoot: string): PendingRuns {
  const directory = join(reportRoot, historyDirectory, 'pending')
  return {
    add(name) {
      mkdirSync(directory, { recursive: true })
      writeFileSync(join(directory, name), '')
    },
    remove(name) {
      rmSync(join(directory, name), { force: true })
    },
    list() {
      try {
        return readdirSync(directory).sort()
      } catch {
        return []
      }
    },
  }
}
