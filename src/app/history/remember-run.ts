import { basename, resolve } from 'node:path'
import { messageOf } from '../../core/errors.ts'
import { importDirectories, importPending, openProjectHistory, projectHistory } from './project-history.ts'

/** How long the end of a run spends on runs that were left over, in milliseconds. */
const leftoversMs = 2000

/**
 * Puts a run that has just ended into history. Whatever fails is told on stderr and changes nothing about the
 * run, which is imported later.
 * @param directory of its report, as the person would type it
 */
export async function rememberRun(reportDirectory: string, directory: string, cwd: string): Promise<void> {
  const project = projectHistory(reportDirectory, cwd)
  if (project.location.kind === 'off') return
  const absolute = resolve(cwd, directory)
  try {
    project.pending.add(basename(absolute))
    await using history = await openProjectHistory(project)
    const { unreadable } = await importDirectories(project, history.db, [absolute])
    for (const reason of unreadable) complain(reason)
    await importPending(project, history.db, leftoversMs)
    const left = project.pending.list().length
    if (left > 0) complain(`${left} earlier runs are not imported yet: \`hil history import\` does it`)
  } catch (error) {
    complain(`${messageOf(error)}. The run is imported later.`)
  }
}

function complain(message: string): void {
  process.stderr.write(`hil: ${message}\n`)
}
