import assert from 'node:assert/strict'
import { bisectionHtml } from '../../../src/report/bisect/html/bisection-html.ts'
import { bisectionMail } from '../../../src/report/bisect/mail/bisection-mail.ts'
import { collectBoots } from '../../../src/report/boots/read-boots.ts'
import { chooseBoots } from '../../../src/report/diff/choose-boots.ts'
import { compareBoots } from '../../../src/report/diff/compare-boots.ts'
import { simulateBisection, type SimulationOptions } from '../../support/bisections/simulate-bisection.ts'
import { describeWith } from '../../support/requirements.ts'
import { badBoot, goodBoot } from '../../unit/report/diff/boots.ts'
import { ReportBrowser } from './report-page.ts'

/** A page with all that it can have. */
async function pageOf(options: SimulationOptions): Promise<string> {
  const { record, story, culprit } = simulateBisection(options)
  const runs = [
    await collectBoots('a', goodBoot().events),
    await collectBoots('b', badBoot().events),
  ] as const
  const diff = compareBoots(...chooseBoots(...runs, {}, {}))
  const mail = bisectionMail(record)
  return bisectionHtml(record, {
    story,
    linkTo: (path) => path,
    log: 'git bisect start\n',
    ...(mail === undefined ? {} : { mail }),
    boots: { diff, a: record.ends.passing[0] ?? '', b: culprit, page: 'boots.html' },
  })
}

const pages: Readonly<Record<string, SimulationOptions>> = {
  'some commits': { commits: 20 },
  'thousands of commits': { commits: 15_000 },
  'merges, on three boards, on a bad bench': {
    ...{ commits: 800, merges: true, boards: ['one', 'two', 'three'] },
    ...{ benchFailures: 0.2, otherFailures: 0.1 },
  },
  'a failure that shows rarely': { commits: 100, failureRate: 0.15 },
  'one of several': { brokenBeforeCulprit: 2 },
  'a fix': { change: 'fix' },
  'one that was stopped': { stopAfter: 9 },
  'an end that does not fail': { culprit: 'none' },
}

describeWith(['chromium'], 'the page of a bisection, in a browser', function () {
  this.timeout(60_000)
  const browser = new ReportBrowser()
  before(() => browser.start())
  after(() => browser.stop())

  for (const [what, options] of Object.entries(pages)) {
    it(`asks for nothing, complains of nothing and fits a narrow window: ${what}`, async () => {
      const html = await pageOf(options)
      for (const width of [1280, 380]) {
        const { page, requests, complaints } = await browser.openStatic(html, { width })
        assert.deepEqual({ requests, complaints }, { requests: [], complaints: [] })
        const [seen, needed] = await page.evaluate<number[]>(
          '[innerWidth, document.documentElement.scrollWidth]',
        )
        assert.equal(needed, seen)
        await page.context().close()
      }
    })
  }

  it('draws every run within its row, and what is left narrower and narrower', async () => {
    const { page } = await browser.openStatic(await pageOf({ commits: 15_000 }))
    const [strips, marks, bands] = await page.evaluate<[number[][], number[][], number[]]>(`(() => {
      const box = (element) => { const { left, right } = element.getBoundingClientRect(); return [left, right] }
      const rows = [...document.querySelectorAll('table.range td.strip')]
      return [
        rows.map(box),
        [...document.querySelectorAll('table.range td.strip .mark')].map(box),
        rows.map((row) => Math.max(...[...row.querySelectorAll('.suspect[opacity="0.55"]')].map((band) => band.getBoundingClientRect().width))),
      ]
    })()`)
    const [left, right] = strips[0] ?? []
    assert.ok(left !== undefined && right !== undefined && marks.length > 15)
    for (const [from, to] of marks) assert.ok((from ?? 0) >= left - 8 && (to ?? Infinity) <= right + 8)
    assert.deepEqual(
      bands,
      bands.toSorted((a, b) => b - a),
    )
    assert.ok((bands[0] ?? 0) > 500 && (bands.at(-1) ?? 0) > 20)
  })

  it('leads from a row of the drawing to the run, by keyboard', async () => {
    const { page } = await browser.openStatic(await pageOf({ commits: 20 }))
    await page.getByRole('link', { name: '5', exact: true }).focus()
    await page.keyboard.press('Enter')
    const target = page.locator('tr:target')
    assert.match(await target.innerText(), /^5\s+pass|^5\s+fail/)
    assert.ok(await target.isVisible())
  })

  it('says to those who do not see it what the drawing shows', async () => {
    const { page } = await browser.openStatic(await pageOf({ commits: 20 }))
    const rows = await page.locator('table.range tbody tr:not(.phase)').allInnerTexts()
    assert.match(rows[0] ?? '', /^1–3\s+v6\.18\s+3 fail\s+20$/)
    const headings = await page.getByRole('heading').allInnerTexts()
    assert.ok(headings.includes('How the range became smaller'))
  })

  it('is readable in light and in dark', async () => {
    const html = await pageOf({ commits: 20 })
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await browser.openStatic(html, { colorScheme })
      const weak = await page.evaluate<string[]>(weakTexts)
      assert.deepEqual(weak, [])
    }
  })

  it('unfolds the log and the mail', async () => {
    const { page } = await browser.openStatic(await pageOf({ commits: 20 }))
    const mail = page.getByText('Subject: [REGRESSION]')
    assert.equal(await mail.isVisible(), false)
    await page.getByText('A mail that tells of it').click()
    assert.ok(await mail.isVisible())
  })
})

/** Texts whose contrast with what is behind them is below what WCAG 2.1 wants of text (AA: 4.5). */
const weakTexts = `(() => {
  const parse = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number)
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    return 0.2126 * x + 0.7152 * y + 0.0722 * z
  }
  const behind = (element) => {
    for (let each = element; each !== null; each = each.parentElement) {
      const colour = parse(getComputedStyle(each).backgroundColor)
      if (colour.length === 3 || colour[3] > 0) return colour
    }
    return [255, 255, 255]
  }
  const found = new Set()
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '')
    if (!own || element.closest('.hidden, details:not([open]) > :not(summary)') !== null) continue
    const isSvg = element.namespaceURI.endsWith('svg')
    const style = getComputedStyle(element)
    const [a, b] = [light(parse(isSvg ? style.fill : style.color)), light(behind(element))]
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
    if (contrast < 4.5) found.add(element.tagName + '.' + element.getAttribute('class') + ' ' + contrast.toFixed(2))
  }
  return [...found]
})()`
