import { basename } from 'node:path'
import type { EarlierRun, TestIdentity, TestPast } from '../../core/events.ts'
import type { RunPoint } from '../../history/queries/filter.ts'
import type { TestCourse } from '../../history/queries/tests.ts'
import { titleOf } from '../../report/run-record.ts'
import type { FindPast } from '../../session/group/failed-tests.ts'
import { loadHistory, openProjectHistory, projectHistory } from './project-history.ts'

/**
 * Asks history since when tests fail.
 * @param environment the file of it
 * @returns `undefined` where history is off
 */
export function pastFinder(reportRoot: string, environment: string, cwd: string): FindPast | undefined {
  const project = projectHistory(reportRoot, cwd)
  if (project.location.kind === 'off') return undefined
  // While boards boot there is time for it.
  const loading = Promise.all([import('../../history/queries/tests.ts'), loadHistory(project.location)])
  loading.catch(() => undefined)
  return async (failed) => {
    const [{ pastOf }] = await loading
    await using history = await openProjectHistory(project)
    const told: Omit<TestPast, 'type'>[] = []
    for (const test of failed) {
      const past = await pastOf(history.db, toKnownTest(test, environment))
      if (past !== undefined) told.push({ id: test.id, ...toPast(past) })
    }
    return told
  }
}

/** As a run is kept by `collectRun`. */
function toKnownTest({ file, titles, boards }: TestIdentity, environment: string) {
  return { file, title: titleOf({ titles }), board: boards.join(' + '), environment: basename(environment) }
}

/** @param past without the run that has just failed */
function toPast({
  results,
  failing,
}: Pick<TestCourse, 'results' | 'failing'>): Omit<TestPast, 'type' | 'id'> {
  if (failing === undefined) {
    const last = results.at(-1)
    return { failedRuns: 1, ...(last && { lastPassed: toEarlierRun(last) }) }
  }
  const { runs, since, lastPassed } = failing
  return {
    failedRuns: runs + 1,
    since: toEarlierRun(since),
    ...(lastPassed && { lastPassed: toEarlierRun(lastPassed) }),
  }
}

function toEarlierRun({ startedAt, directory, kernel }: RunPoint): EarlierRun {
  return { startedAt: new Date(startedAt).toISOString(), directory, ...(kernel !== undefined && { kernel }) }
}
