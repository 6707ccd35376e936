import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { finishNight } from '../../../../src/app/nightly/finish-night.ts'
import { nightHistory } from '../../../../src/app/nightly/night-history.ts'
import type { Plan } from '../../../../src/app/nightly/plan/plan.ts'
import { openProjectHistory, projectHistory } from '../../../../src/app/history/project-history.ts'
import { Screen } from '../../../../src/report/terminal/screen.ts'
import { describeSqlite } from '../../../support/sqlite-driver.ts'
import { useScratch } from '../../codecs/oracle.ts'
import { eventfulNight } from './eventful-night.ts'
import { attemptOf } from './nights.ts'

describeSqlite('the end of a night', () => {
  const scratch = useScratch()
  let before: string | undefined
  beforeEach(() => {
    before = process.env['HIL_HISTORY']
    process.env['HIL_HISTORY'] = ''
  })
  afterEach(() => {
    if (before === undefined) delete process.env['HIL_HISTORY']
    else process.env['HIL_HISTORY'] = before
  })

  it('says on the page and to scripts who could not be told', async () => {
    const directory = scratch()
    // A port that fetch refuses before it asks anybody.
    const webhooks: Plan['webhooks'] = [{ url: 'http://127.0.0.1:1/', on: 'always' }]
    const { notes } = await finishNight({
      ...{ directory, record: await eventfulNight(directory), cwd: directory },
      plan: { webhooks } as unknown as Plan,
      history: nightHistory('reports', directory),
      screen: new Screen({ isTerminal: false, isColoured: false, columns: 80, write: () => undefined }),
      interrupt: new AbortController().signal,
    })
    assert.equal(notes.length, 1)
    for (const name of ['report.html', 'overview.json'])
      assert.match(await readFile(join(directory, name), 'utf8'), /http:\/\/127\.0\.0\.1:1 can.+t be told of/)
  })

  it('keeps the runs of health checks, by which the failures of a bench are counted', async () => {
    const directory = join(scratch(), 'reports/n')
    const { cells, ...night } = await eventfulNight(directory)
    const report = 'cells/loose'
    const isCell = cells.map((cell) => ({
      ...cell,
      attempts: cell.attempts.filter((attempt) => attempt.report !== report),
    }))
    const health = [{ board: 'sim', ...attemptOf('infrastructure-failed', { report }) }]
    await nightHistory('reports', scratch()).remember(
      { ...night, cells: isCell, health },
      directory,
      'reports/n',
    )
    await using history = await openProjectHistory(projectHistory('reports', scratch()))
    const runs = await history.db.selectFrom('runs').select('id').execute()
    assert.deepEqual(runs.map(({ id }) => id).toSorted(), ['failed', 'loose', 'passed'])
  })
})
