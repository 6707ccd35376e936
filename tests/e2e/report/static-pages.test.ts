import assert from 'node:assert/strict'
import { collectBoots } from '../../../src/report/boots/read-boots.ts'
import { chooseBoots } from '../../../src/report/diff/choose-boots.ts'
import { compareBoots } from '../../../src/report/diff/compare-boots.ts'
import { diffHtml } from '../../../src/report/diff/diff-html.ts'
import { mergeHtml } from '../../../src/report/merge/merge-html.ts'
import { mergeRuns } from '../../../src/report/merge/merge-runs.ts'
import type { NightCell } from '../../../src/core/night-record.ts'
import { nightHtml } from '../../../src/report/nightly/html/night-html.ts'
import { describeWith } from '../../support/requirements.ts'
import { badBoot, goodBoot, power } from '../../unit/report/diff/boots.ts'
import { assertionError, makeTest, ScriptedRun } from '../../unit/report/script-run.ts'
import { attemptOf, nightOf } from '../../unit/app/nightly/nights.ts'
import { ReportBrowser } from './report-page.ts'

async function diffOf(a: ScriptedRun, b: ScriptedRun): Promise<string> {
  const runs = [await collectBoots('reports/a', a.events), await collectBoots('reports/b', b.events)] as const
  return diffHtml(compareBoots(...chooseBoots(...runs, {}, {})), runs)
}

function overview(): string {
  const tests = ['left', 'right'].map((board) => makeTest(['usb', 'has a stick'], { boards: [board] }))
  const runs = tests.map((test, index) => {
    const run = new ScriptedRun({ boards: [...test.boards] }).load(test).wait(1500).start(test)
    return index === 0 ? run.pass(test).finish() : run.fail(test, assertionError).finish('test-failed')
  })
  const merged = runs.map(({ record }, index) => ({ source: `run-${index}`, record }))
  return mergeHtml(mergeRuns(merged), ({ source }) => `${source}/report.html`)
}

/** With names that are long, and a path that is wider than a phone. */
function nightOfManyBoards(): string {
  const path = `/srv/lab/${'directory/'.repeat(8)}hil.log`
  const boards = ['rock3a-north', 'rock3a-south', 'imx8mp-evk', 'beagleplay', 'rpi4-poe']
  const record = nightOf(boards, ['mainline', 'next'], ['boot', 'usb gadget and host'])
  const cells = record.cells.map((cell, index): NightCell => {
    const outcome = index % 2 === 0 ? 'passed' : 'test-failed'
    return { ...cell, outcome, why: `see ${path}`, attempts: [attemptOf(outcome), attemptOf(outcome)] }
  })
  const amiss = { stopped: `the disk of ${path} is full`, notes: [path], boardsOut: { 'rpi4-poe': path } }
  return nightHtml({ ...record, ...amiss, cells }, {})
}

describeWith(['chromium'], 'the pages that join and compare reports, in a browser', function () {
  this.timeout(60_000)
  const browser = new ReportBrowser()
  before(() => browser.start())
  after(() => browser.stop())

  for (const [what, make] of [
    ['two boots', () => diffOf(goodBoot(), badBoot())],
    ['several runs', () => Promise.resolve(overview())],
    ['a night', () => Promise.resolve(nightOfManyBoards())],
  ] as const) {
    it(`ask for nothing, complain of nothing and fit a narrow window: ${what}`, async () => {
      const html = await make()
      for (const width of [1280, 380]) {
        const { page, requests, complaints } = await browser.openStatic(html, { width })
        assert.deepEqual({ requests, complaints }, { requests: [], complaints: [] })
        const [shown, needed] = await page.evaluate<number[]>(
          '[innerWidth, document.documentElement.scrollWidth]',
        )
        assert.equal(needed, shown)
      }
    })
  }

  it('lead from the head of a diff to the first line that differs', async () => {
    const { page } = await browser.openStatic(await diffOf(goodBoot(), badBoot()))
    await page.getByRole('link', { name: 'First difference', exact: true }).click()
    const target = page.locator('.row:target')
    assert.match(await target.innerText(), /virtio_blk virtio0/)
    assert.ok(await target.isVisible())
    assert.match(await page.locator('.findings').innerText(), /only in B\s+fatal\s+kernel panic: VFS/)
  })

  it('fold what both boots say alike, and unfold it', async () => {
    const same = Array.from({ length: 50 }, (_, n) => `[    1.0000${n + 10}] driver ${'x'.repeat(n + 1)}\r\n`)
    const run = (last: string) => power(new ScriptedRun()).receive([...same, `${last}\r\n`].join(''))
    const { page } = await browser.openStatic(await diffOf(run('well'), run('unwell')))
    const line = page.getByText('driver x', { exact: true }).first()
    assert.equal(await line.isVisible(), false)
    await page.getByText('lines the same').last().click()
    assert.ok(await line.isVisible())
  })

  it('lead from a cell to the moment in the report of its run', async () => {
    const { page } = await browser.openStatic(overview())
    const link = page
      .getByRole('cell', { name: /test failed/ })
      .first()
      .getByRole('link')
    assert.match((await link.getAttribute('href')) ?? '', /^run-1\/report\.html#t=1\.500$/)
  })

  it('show what a hostile board says as text', async () => {
    const evil =
      '</script><script>alert(1)</script><img src=x onerror=alert(2)>\x1b]0;pwned\x07</title><style>*{display:none}</style>'
    const run = () => power(new ScriptedRun()).receive(`${evil}\r\n[    1.000000] ${evil}\r\n`)
    const { page, requests, complaints } = await browser.openStatic(await diffOf(goodBoot(), run()))
    assert.deepEqual({ requests, complaints }, { requests: [], complaints: [] })
    assert.equal(await page.locator('img, script').count(), 0)
    assert.ok(await page.getByText('onerror=alert(2)').first().isVisible())
  })
})
