import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { HilError } from '../../core/errors.ts'
import { reasonOf } from '../../core/reason-of.ts'
import { nothingFound, type QuestionOptions } from './answer-commands.ts'
import { bootTimePage } from './chart/boot-time-page.ts'
import { askHistory } from './ask-history.ts'

/**
 * `hil history chart`
 * @returns the exit code
 * @throws HilError as `openHistory`, `history.nothing`, `history.chart` (environment)
 */
export async function chartCommand(
  options: Omit<QuestionOptions, 'json'> & { readonly output: string },
  cwd = process.cwd(),
): Promise<number> {
  const { bootCourses } = await import('../../history/queries/boots.ts')
  const courses = await askHistory(options.reportRoot, cwd, (db) => bootCourses(db, options))
  if (courses.length === 0) throw nothingFound(options)
  try {
    await writeFile(resolve(cwd, options.output), bootTimePage(courses))
  } catch (error) {
    throw new HilError('history.chart', `${options.output} can't be written: ${reasonOf(error)}`, {
      blame: 'environment',
      cause: error,
    })
  }
  process.stdout.write(`${options.output}\n`)
  return 0
}
