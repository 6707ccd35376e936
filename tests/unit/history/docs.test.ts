import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { formatBoards } from '../../../src/app/history/text/boards-text.ts'
import { formatBoots } from '../../../src/app/history/text/boots-text.ts'
import { formatSignatures } from '../../../src/app/history/text/signatures-text.ts'
import { formatTestCourses, formatTests } from '../../../src/app/history/text/tests-text.ts'
import { openHistory, type HistoryDatabase } from '../../../src/history/database/open-history.ts'
import { importRun } from '../../../src/history/import-run.ts'
import { bootCourses } from '../../../src/history/queries/boots.ts'
import { boardCourses } from '../../../src/history/queries/infrastructure.ts'
import { signatureCourses } from '../../../src/history/queries/signatures.ts'
import { testCourses } from '../../../src/history/queries/tests.ts'
import { makePaint } from '../../../src/report/terminal/paint.ts'
import { writeFiles } from '../../support/environment-files.ts'
import { describeSqlite } from '../../support/sqlite-driver.ts'
import { makeNights } from './nights.ts'
import { day, firstDay } from './run-results.ts'

const page = fileURLToPath(new URL('../../../docs/history.md', import.meta.url))

/** A mark with the words after `hil history`, and what that shows, if it is there already. */
const shownBlock = /<!-- shown: (.*?) -->\n+(?:```text\n[\s\S]*?\n```\n+)?/g

const all = { since: 0 }
const recently = { since: firstDay + 36 * day }

/** What `--json` prints, of which the page has to know every field. */
async function answersOf(db: HistoryDatabase): Promise<unknown> {
  return [
    await testCourses(db, all),
    await bootCourses(db, all),
    await signatureCourses(db, recently),
    await boardCourses(db, all),
  ]
}

async function linesOf(command: string, db: HistoryDatabase): Promise<readonly string[]> {
  const [name = '', text] = command.split(' ')
  const look = { width: 80, paint: makePaint(false) }
  switch (name) {
    case 'tests':
      return formatTests(await testCourses(db, all), look.width)
    case 'test':
      return formatTestCourses(await testCourses(db, all, text), { ...look, limit: 4 })
    case 'boot':
      return formatBoots(await bootCourses(db, all), look)
    case 'splats':
      return formatSignatures(await signatureCourses(db, recently), { ...look, ...recently })
    default:
      return formatBoards(await boardCourses(db, all), look)
  }
}

/** The names of all fields in some data, however deep. */
function fieldsOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(fieldsOf)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [key, ...fieldsOf(inner)])
}

describeSqlite('docs/history.md', () => {
  const zone = process.env['TZ']
  before(() => {
    process.env['TZ'] = 'UTC'
  })
  after(() => {
    if (zone === undefined) delete process.env['TZ']
    else process.env['TZ'] = zone
  })

  async function withNights<Result>(ask: (db: HistoryDatabase) => Promise<Result>): Promise<Result> {
    await using files = await writeFiles({})
    await using history = await openHistory({ kind: 'sqlite', file: files.path('history.sqlite') })
    for (const run of makeNights()) await importRun(history.db, run)
    return await ask(history.db)
  }

  it('shows what the commands show (HIL_UPDATE_DOCS=1 writes it)', async () => {
    const written = readFileSync(page, 'utf8')
    const commands = [...written.matchAll(shownBlock)].map(([, command = '']) => command)
    assert.equal(commands.length, 5)
    const shown = await withNights(async (db) => {
      const texts = new Map<string, string>()
      for (const command of commands) {
        const lines = [`$ hil history ${command}`, ...(await linesOf(command, db))]
        texts.set(command, lines.join('\n'))
      }
      return texts
    })
    const wanted = written.replace(
      shownBlock,
      (_block, command: string) =>
        `<!-- shown: ${command} -->\n\n\`\`\`text\n${shown.get(command) ?? ''}\n\`\`\`\n\n`,
    )
    if (process.env['HIL_UPDATE_DOCS'] === '1') writeFileSync(page, wanted)
    else assert.equal(written, wanted)
  })

  it('names every field of --json', async () => {
    const written = readFileSync(page, 'utf8')
    const fields = [...new Set(await withNights(async (db) => fieldsOf(await answersOf(db))))]
    assert.ok(fields.length > 30, fields.join())
    assert.deepEqual(
      fields.filter((field) => !written.includes(`\`${field}\``) && !written.includes(`\`${field}[]\``)),
      [],
    )
  })
})
