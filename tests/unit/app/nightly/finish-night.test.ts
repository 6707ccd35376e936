import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
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

  async function finish(directory: string, url: string) {
    const webhooks: Plan['webhooks'] = [{ url, on: 'always' }]
    return finishNight({
      ...{ directory, record: await eventfulNight(directory), cwd: directory },
      plan: { webhooks } as unknown as Plan,
      history: nightHistory('reports', directory),
      screen: new Screen({ isTerminal: false, isColoured: false, columns: 80, write: () => undefined }),
      interrupt: new AbortController().signal,
    })
  }

  it('tells others on which machine its page lies', async () => {
    const told: unknown[] = []
    const server = createServer((request, response) => {
      void json(request).then((body) => {
        told.push(body)
        response.end()
      })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const { notes } = await finish(scratch(), `http://127.0.0.1:${port}/`)
    server.close()
    assert.deepEqual(notes, [])
    const [{ report, text } = { report: '', text: '' }] = told as { report: string; text: string }[]
    assert.equal(report, `${hostname()}:${join(scratch(), 'report.html')}`)
    assert.equal(text.trimEnd().split('\n').at(-1), report)
  })

  it('says on the page and to scripts who could not be told', async () => {
    const directory = scratch()
    // A port that fetch refuses before it asks anybody.
    const { notes } = await finish(directory, 'http://127.0.0.1:1/')
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
