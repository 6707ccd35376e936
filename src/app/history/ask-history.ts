import type { HistoryDatabase } from '../../history/database/open-history.ts'
import { importPending, openProjectHistory, projectHistory } from './project-history.ts'

/**
 * Asks the history of a project, which takes in the runs that it waits for first.
 * @throws HilError as `openHistory`
 */
export async function askHistory<Answer>(
  reportRoot: string,
  cwd: string,
  query: (db: HistoryDatabase) => Promise<Answer>,
): Promise<Answer> {
  const project = projectHistory(reportRoot, cwd)
  await using history = await openProjectHistory(project)
  await importPending(project, history.db)
  return await query(history.db)
}
