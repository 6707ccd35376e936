import { HilError } from '../../core/errors.ts'
import type { HistoryDatabase } from '../../history/database/open-history.ts'
import type { HistoryFilter } from '../../history/queries/filter.ts'
import { makePaint, type Paint } from '../../report/terminal/paint.ts'
import { openOutput } from '../terminal.ts'
import { askHistory } from './ask-history.ts'
import { formatBoards } from './text/boards-text.ts'
import { formatBoots } from './text/boots-text.ts'
import { formatSignatures } from './text/signatures-text.ts'
import { formatTestCourses, formatTests } from './text/tests-text.ts'

/** What every question to history was told. */
export interface QuestionOptions extends HistoryFilter {
  readonly reportRoot: string
  readonly json: boolean
}

/** The version of what `--json` prints; it changes when a field changes its meaning or goes. */
const answerVersion = 1

/** Wider tables are hard to read, however wide the terminal is. */
const widest = 120

/** `hil history tests`. @returns the exit code @throws HilError as `openHistory`, `history.nothing` */
export async function testsCommand(options: QuestionOptions): Promise<number> {
  const { testCourses } = await import('../../history/queries/tests.ts')
  return answer(options, 'tests', (db) => testCourses(db, options), formatTests)
}

/** `hil history test`. @throws as `testsCommand` */
export async function testCommand(
  options: QuestionOptions & { readonly test: string; readonly limit: number },
): Promise<number> {
  const { testCourses } = await import('../../history/queries/tests.ts')
  return answer(
    options,
    'tests',
    (db) => testCourses(db, options, options.test),
    (courses, width, paint) => formatTestCourses(courses, { width, paint, limit: options.limit }),
  )
}

/** `hil history boot`. @throws as `testsCommand` */
export async function bootTimesCommand(options: QuestionOptions): Promise<number> {
  const { bootCourses } = await import('../../history/queries/boots.ts')
  return answer(
    options,
    'boards',
    (db) => bootCourses(db, options),
    (courses, width, paint) => formatBoots(courses, { width, paint }),
  )
}

/** `hil history splats`. @throws as `testsCommand`, but for nothing found */
export async function splatsCommand(options: QuestionOptions): Promise<number> {
  const { signatureCourses } = await import('../../history/queries/signatures.ts')
  return ask(options, async (db) => {
    const found = await signatureCourses(db, options)
    return {
      json: found,
      text: (width) =>
        found.signatures.length === 0
          ? ['The kernels have complained about nothing.']
          : formatSignatures(found, { width, since: options.since }),
    }
  })
}

/** `hil history boards`. @throws as `testsCommand` */
export async function boardsCommand(options: QuestionOptions): Promise<number> {
  const { boardCourses } = await import('../../history/queries/infrastructure.ts')
  return answer(
    options,
    'boards',
    (db) => boardCourses(db, options),
    (courses, width, paint) => formatBoards(courses, { width, paint }),
  )
}

/** @throws HilError `history.nothing` (environment) where the answer is empty, but for programs */
async function answer<Item>(
  options: QuestionOptions,
  name: string,
  query: (db: HistoryDatabase) => Promise<readonly Item[]>,
  format: (items: readonly Item[], width: number, paint: Paint) => readonly string[],
): Promise<number> {
  return ask(options, async (db) => {
    const items = await query(db)
    if (items.length === 0 && !options.json) throw nothingFound(options)
    return { json: { [name]: items }, text: (width, paint) => format(items, width, paint) }
  })
}

interface Answer {
  readonly json: object
  readonly text: (width: number, paint: Paint) => readonly string[]
}

async function ask(
  options: QuestionOptions,
  query: (db: HistoryDatabase) => Promise<Answer>,
): Promise<number> {
  const { json, text } = await askHistory(options.reportRoot, process.cwd(), query)
  const output = openOutput(process.stdout)
  if (options.json) {
    output.write(
      `${JSON.stringify({ version: answerVersion, since: options.since, ...json }, undefined, 2)}\n`,
    )
  } else {
    const lines = text(Math.min(output.columns, widest), makePaint(output.isColoured))
    output.write(`${lines.join('\n')}\n`)
  }
  return 0
}

/** @throws never; the error says what was looked for */
export function nothingFound({ since, board }: HistoryFilter): HilError {
  const where = board === undefined ? '' : ` of ${board}`
  const day = new Date(since).toISOString().slice(0, 10)
  return new HilError(
    'history.nothing',
    `history has nothing${where} since ${day}; \`hil history import DIRECTORY\` takes in runs that are not in it`,
    { blame: 'environment' },
  )
}
