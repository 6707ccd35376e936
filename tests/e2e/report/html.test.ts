import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { describeWith } from '../../support/requirements.ts'
import { assertionError, makeTest, ScriptedRun, timeoutError } from '../../unit/report/script-run.ts'
import { ReportBrowser } from './report-page.ts'

const panic = [
  '[    0.970000] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)\r\n',
  '[    0.980000] CPU: 0 PID: 1 Comm: swapper/0 Not tainted 6.1.0 #1\r\n',
  '[    0.990000] ---[ end Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0) ]---\r\n',
].join('')

/** What the run found of it. */
function tellPanic(
  run: ScriptedRun,
  level: 'fatal' | 'error' | 'warning' | 'info',
  excuse?: string,
): ScriptedRun {
  const sent = run.events.flatMap((event) => (event.type === 'console-rx' ? [event.text ?? ''] : [])).join('')
  const offset = Buffer.byteLength(sent.slice(0, sent.indexOf('[    0.970000] Kernel panic')))
  return run.emit({
    type: 'kernel-finding',
    board: 'sim',
    level,
    kind: 'panic',
    title: 'kernel panic: VFS: Unable to mount root fs',
    signature: 'kernel panic: VFS: Unable to mount root fs',
    offset,
    end: offset + panic.length,
    lines: panic.trim().split('\r\n'),
    ...(excuse === undefined ? {} : { excuse }),
  })
}

/** A boot of some hundred lines, a test that passes, one that is flaky and one that fails. */
function usualRun({ ends = '' } = {}): ScriptedRun {
  const [boots, flickers, fails] = [
    makeTest(['usb', 'boots']),
    makeTest(['usb', 'flickers']),
    makeTest(['usb', 'has a stick']),
  ]
  const run = new ScriptedRun().wait(100).take().load(boots, flickers, fails).start(boots)
  run.emit({ type: 'power', board: 'sim', action: 'on', ok: true })
  run.emit({ type: 'state-entering', board: 'sim', from: 'off', to: 'shell', attempt: 1, budgetMs: 30_000 })
  run.receive('U-Boot 2023.01\r\n\x1b[1;31mred words\x1b[0m\r\n').wait(100)
  for (let line = 0; line < 300; line++)
    run.receive(`[    0.${line + 100}000] driver ${line} is ready\r\n`).wait(10)
  run.emit({ type: 'state-entered', board: 'sim', from: 'off', to: 'shell', durationMs: 3100, by: 'edge' })
  run.pass(boots).start(flickers).wait(50).fail(flickers, assertionError, { willRetry: true })
  run.start(flickers, 2).wait(50).pass(flickers, { attempt: 2, verdict: 'flaky' }).start(fails)
  run.emit({ type: 'step-started', id: 's1', test: fails.id, board: 'sim', title: 'count the sticks' })
  run.wait(20).send('lsusb\r').receive('~ # lsusb\r\nnothing at all\r\n').wait(480)
  run.emit({ type: 'step-ended', id: 's1', durationMs: 500, error: assertionError }).wait(1000)
  run.receive(`later words\r\n${ends}`).wait(100)
  return run
    .fail(fails, ends === '' ? assertionError : timeoutError)
    .wait(1000)
    .receive('the end\r\n')
    .finish('test-failed')
}

/** The text of the rows in sight. */
async function rowsOf(page: Page): Promise<string[]> {
  await settled(page)
  return page.locator('#console .what').allInnerTexts()
}

/** Drawing waits for a frame. */
async function settled(page: Page): Promise<void> {
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
}

function treeItem(page: Page, name: string | RegExp) {
  return page.getByRole('treeitem', { name }).last().locator('> .line')
}

describeWith(['chromium'], 'report.html in a browser', function () {
  this.timeout(60_000)
  const browser = new ReportBrowser()
  before(() => browser.start())
  after(() => browser.stop())

  it('opens from disk, asks for nothing and complains of nothing', async () => {
    const { page, requests, complaints } = await browser.open(usualRun())
    await page.getByRole('tab', { name: 'Proof of boot' }).click()
    await page.getByRole('tab', { name: 'Run' }).click()
    assert.deepEqual({ requests, complaints }, { requests: [], complaints: [] })
  })

  it('tells at its head what failed first, where, and who has to act', async () => {
    const { page } = await browser.open(usualRun())
    const head = await page.getByRole('banner').innerText()
    assert.match(head, /Test failed/)
    assert.match(head, /look at the test/)
    assert.match(head, /Expected values to be strictly equal/)
    assert.match(head, /usb › has a stick/)
    assert.match(head, /tests\/boot\.spec\.ts:9/)
  })

  it('tells at its head what the run has its verdict for, though something milder failed before, and opens there', async () => {
    const [mild, grave] = [makeTest(['finds a stick']), makeTest(['stays alive'])]
    const run = new ScriptedRun().wait(100).take().load(mild, grave).start(mild).wait(100)
    run.fail(mild, assertionError).start(grave).wait(100).receive('all is well\r\n').wait(100).receive(panic)
    tellPanic(run.wait(400), 'fatal').fail(grave, {
      name: 'HilError',
      code: 'kernel.panic',
      blame: 'board',
      message: 'the kernel of sim panicked: VFS: Unable to mount root fs',
      details: { board: 'sim', title: 'kernel panic: VFS: Unable to mount root fs' },
    })
    const { page } = await browser.open(run.finish('board-failed'))
    const head = await page.getByRole('banner').innerText()
    assert.match(head, /the kernel of sim panicked/)
    assert.match(head, /stays alive/)
    assert.match(head, /Go to 0:00\.400\n?.*and 1 more failed/)
    const chosen = page.locator('[role="treeitem"][aria-selected="true"]')
    assert.match((await chosen.getAttribute('aria-label')) ?? '', /^stays alive/)
    assert.equal(await page.locator('#clock').innerText(), '0:00.400')
  })

  it("shows faintly how hil's own sessions begin, and the status of its commands", async () => {
    const run = new ScriptedRun().take().receive('~ # echo hil"-"71;read -r l_;eval "$l_"\r\nhil-71\r\n')
    run.receive("ls\r\nbin\r\n71000\r\n71001 apples\r\n72000\r\n=> h_='echo o8:'\r\no8:0\r\n")
    const { page } = await browser.open(run.finish())
    await settled(page)
    const own = await page.locator('#console .row.own .what').allInnerTexts()
    assert.deepEqual(own, [
      '~ # echo hil"-"71;read -r l_;eval "$l_"',
      'hil-71',
      '71000',
      "=> h_='echo o8:'",
      'o8:0',
    ])
  })

  it('shows verdicts in its tree, with what failed open and what passed closed', async () => {
    const { page } = await browser.open(usualRun())
    const expanded = (name: RegExp) =>
      page.getByRole('treeitem', { name }).first().getAttribute('aria-expanded')
    assert.equal(await expanded(/^boots, passed/), 'false')
    assert.equal(await expanded(/^flickers, flaky/), 'false')
    assert.equal(await expanded(/^has a stick, test failed/), 'true')
    assert.ok(await page.getByText('count the sticks').isVisible())
    assert.equal(await page.getByText('off → shell').isVisible(), false)
  })

  it('jumps to the first byte of a step that is clicked', async () => {
    const { page } = await browser.open(usualRun())
    await treeItem(page, /^boots/).click()
    await treeItem(page, /^count the sticks/).click()
    const rows = await rowsOf(page)
    assert.ok(rows.includes('~ # lsusb'), rows.join('\n'))
    assert.deepEqual(await page.locator('#console .of-step .what').allInnerTexts(), [
      '~ # lsusb',
      'nothing at all',
    ])
  })

  it('lights up the step of a console line that is clicked', async () => {
    const { page } = await browser.open(usualRun())
    await page.locator('#console .row', { hasText: 'nothing at all' }).click()
    const chosen = page.locator('[role=treeitem][aria-selected=true]')
    assert.match((await chosen.getAttribute('aria-label')) ?? '', /^count the sticks/)
  })

  it('searches the console', async () => {
    const { page } = await browser.open(usualRun())
    await page.keyboard.press('Home')
    await page.getByRole('searchbox').fill('DRIVER 2')
    assert.equal(await page.locator('#found').innerText(), '1/111')
    assert.ok((await rowsOf(page)).some((row) => row.endsWith('driver 2 is ready')))
    assert.equal(await page.locator('mark.current').innerText(), 'driver 2')
    await page.keyboard.press('Shift+Enter')
    assert.equal(await page.locator('#found').innerText(), '111/111')
    assert.ok((await rowsOf(page)).some((row) => row.endsWith('driver 299 is ready')))
  })

  it('replays the console from any moment, as fast as it is told to', async () => {
    const { page } = await browser.open(usualRun(), { hash: '#t=0.15' })
    await page.getByLabel('Speed').selectOption('1')
    await page.getByRole('button', { name: 'Play' }).click()
    await page.locator('#console .row', { hasText: 'driver 20 is' }).waitFor()
    const rows = await rowsOf(page)
    assert.equal(rows.includes('the end'), false)
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByLabel('Speed').selectOption('64')
    await page.getByRole('button', { name: 'Play' }).click()
    await page.locator('#console .row', { hasText: 'the end' }).waitFor()
    await page.getByRole('button', { name: 'Play' }).waitFor()
  })

  it('opens at the moment that its link names, and makes such links', async () => {
    const { page } = await browser.open(usualRun(), { hash: '#t=1.2' })
    assert.equal(await page.locator('#clock').innerText(), '0:01.200')
    assert.ok((await rowsOf(page)).some((row) => row.endsWith('driver 100 is ready')))
    await page.keyboard.press('ArrowRight')
    await page.getByRole('button', { name: 'Copy link' }).click()
    assert.equal(new URL(page.url()).hash, '#t=2.200')
    await page.locator('#said').filter({ hasText: 't' }).waitFor()
  })

  it('is used by keys alone', async () => {
    const { page } = await browser.open(usualRun())
    const clock = page.locator('#clock')
    await page.keyboard.press('Home')
    await clock.filter({ hasText: '0:00.000' }).waitFor()
    await page.keyboard.press('Shift+ArrowRight')
    await page.keyboard.press('f')
    await clock.filter({ hasText: '0:04.900' }).waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('u-boot')
    await page.keyboard.press('Escape')
    await page.waitForFunction('document.activeElement.id === "console"')
    await page.keyboard.press('3')
    await page.getByRole('tabpanel', { name: 'Environment' }).waitFor()
    await page.keyboard.press('?')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await page.keyboard.press('1')
    await page.locator('#tree li').first().focus()
    await page.keyboard.press('End')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowLeft')
    await page.waitForFunction('document.activeElement.role === "treeitem"')
    await page.locator('#axis').focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowRight')
    await page.locator('[role=slider][aria-valuenow="1000"]').waitFor()
  })

  it('marks what the kernel complained about, and opens there', async () => {
    const { page } = await browser.open(tellPanic(usualRun({ ends: panic }), 'fatal'))
    const marked = await page.locator('#console .finding.fatal .what').allInnerTexts()
    assert.equal(marked.length, 3)
    assert.match(marked[0] ?? '', /Kernel panic - not syncing: VFS/)
    assert.equal(await page.locator('#axis .mark.fatal').count(), 1)
    await page.keyboard.press('Home')
    await page.getByRole('button', { name: '1 finding' }).click()
    assert.ok((await rowsOf(page)).some((row) => row.includes('Kernel panic')))
  })

  it('keeps the lines of the console in line, however bad what is marked', async () => {
    for (const level of ['fatal', 'error', 'warning'] as const) {
      const { page } = await browser.open(tellPanic(usualRun({ ends: panic }), level))
      await settled(page)
      const boxes = await page.evaluate<string[]>(
        `[...document.querySelectorAll('#console .row')].map((row) => {
          const { x, width, height } = row.getBoundingClientRect()
          return [x, width, height].join(' ')
        })`,
      )
      assert.ok(await page.locator(`#console .finding.${level}`).count())
      assert.equal(new Set(boxes).size, 1, level)
    }
  })

  it('marks nothing that the run allowed', async () => {
    const { page } = await browser.open(tellPanic(usualRun({ ends: panic }), 'info', 'known'))
    assert.equal(await page.locator('#axis .mark').count(), 0)
    assert.ok(await page.getByRole('treeitem', { name: /^kernel panic: VFS.*known/ }).isVisible())
  })

  it('has what the kernel complained about in its tree, in the test in which it came', async () => {
    const { page } = await browser.open(tellPanic(usualRun({ ends: panic }), 'fatal'))
    const test = page.getByRole('treeitem', { name: /^has a stick, board failed/ })
    const finding = test.getByRole('treeitem', { name: /^kernel panic: VFS/ })
    assert.equal(await finding.getAttribute('aria-expanded'), 'false')
    await page.keyboard.press('Home')
    await finding.locator('> .line').click()
    assert.ok((await rowsOf(page)).some((row) => row.includes('Kernel panic')))
    await finding.getByText('CPU: 0 PID: 1').waitFor()
    await page.keyboard.press('Home')
    await page.keyboard.press('End')
    await page.locator('#console .row', { hasText: 'CPU: 0 PID: 1' }).click()
    assert.equal(await finding.getAttribute('aria-selected'), 'true')
  })

  it('shows colours as a terminal does, in dark and in light', async () => {
    const colours = async (colorScheme: 'light' | 'dark') => {
      const { page } = await browser.open(usualRun(), { colorScheme, hash: '#t=0' })
      await settled(page)
      return page.evaluate<string[]>(
        `[getComputedStyle(document.body).backgroundColor,
          getComputedStyle(document.querySelector('#console .f1.bold')).color]`,
      )
    }
    const [light, dark] = [await colours('light'), await colours('dark')]
    assert.notEqual(light[0], dark[0])
    assert.match(light[1] ?? '', /^rgb\(179, 38, 30\)$/)
    assert.match(dark[1] ?? '', /^rgb\(242, 139, 130\)$/)
  })

  it('fits a narrow window without scrolling sideways', async () => {
    const { page } = await browser.open(usualRun(), { width: 380 })
    const [shown, needed] = await page.evaluate<number[]>(
      '[innerWidth, document.documentElement.scrollWidth]',
    )
    assert.equal(needed, shown)
  })

  it('has commands laid out like other steps, and errors that leave room for them', async () => {
    const test = makeTest(['talks'])
    const run = new ScriptedRun().take().load(test).start(test).wait(100)
    run.emit({ type: 'command', board: 'sim', where: 'shell', command: 'cat endless', durationMs: 50 })
    run.fail(test, { ...assertionError, message: 'no end in sight\n'.repeat(1000) }).finish('test-failed')
    const { page } = await browser.open(run)
    const boxOf = (selector: string) => page.locator(selector).first().boundingBox()
    const [command, line, error] = [
      await boxOf('#tree .command'),
      await boxOf('#tree .command > .line'),
      await boxOf('#tree .error'),
    ]
    assert.deepEqual(line, command)
    assert.ok((error?.height ?? Infinity) < 400)
  })

  it('goes from board to board', async () => {
    const [first, second] = [makeTest(['a'], { boards: ['left'] }), makeTest(['b'], { boards: ['right'] })]
    const run = new ScriptedRun({ boards: ['left', 'right'] })
      .take('left')
      .take('right')
      .load(first)
      .load(second)
    run.start(first).receive('left speaks\n', 'left').wait(100).pass(first)
    run.start(second).wait(10).receive('right speaks\n', 'right').wait(100).pass(second).finish()
    const { page } = await browser.open(run)
    assert.deepEqual(await rowsOf(page), ['left speaks'])
    await treeItem(page, /^b, passed/).click()
    assert.deepEqual(await rowsOf(page), ['right speaks'])
    await page.locator('#board').selectOption('left')
    assert.deepEqual(await rowsOf(page), ['left speaks'])
  })

  it('tells of a run that was cut off what is known', async () => {
    const test = makeTest(['boots'])
    const { page } = await browser.open(new ScriptedRun().take().load(test).start(test).receive('U-Boot'))
    assert.match(await page.getByRole('banner').innerText(), /Cut off/)
    assert.deepEqual(await rowsOf(page), ['U-Boot'])
  })

  describe('with a hostile board', () => {
    const evil = [
      '</script><script>alert(1)</script><img src=x onerror=alert(2)>\r\n',
      '</title><base href="http://evil.invalid/"><style>*{display:none}</style>]]>\r\n',
      '\x1b]0;pwned\x07\x1b]8;;http://evil.invalid/\x07link\x1b]8;;\x07\x1b[6n\x1b[c\x1bP+q\x1b\\\r\n',
      'NUL \0 BEL \x07 DEL \x7f RLO \u202e C1 \x9b31m PS \u2029 lone \ud800 \udfff\r\n',
      '\x1b]0;never ended\r\n{"t":1,"type":"run-finished","verdict":"passed"}\r\n',
      '<!-- <script id="data"> --> ${alert(3)} {{constructor}} \r\n',
    ].join('')

    it('shows all it says as text', async () => {
      const test = makeTest([evil, '<script>alert(4)</script>'], { boards: ['<b>'] })
      const run = new ScriptedRun({ boards: ['<b>'] }).take('<b>').load(test).start(test).receive(evil, '<b>')
      run.emit({
        type: 'console-rx',
        board: '<b>',
        base64: Buffer.from([0xff, 0xfe, 0x3c, 0x80, 0]).toString('base64'),
      })
      run.emit(
        { type: 'environment', yaml: evil },
        { type: 'spec-output', stream: 'stdout', text: evil, test: test.id },
      )
      run.emit(
        { type: 'note', level: 'error', board: evil, message: evil },
        { type: 'console-closed', board: '<b>', reason: evil },
      )
      run.fail(test, { ...assertionError, message: evil, expected: evil, actual: evil, stack: evil })
      const { page, requests, complaints } = await browser.open(run.finish('test-failed'))
      assert.deepEqual({ requests, complaints }, { requests: [], complaints: [] })
      assert.match(await page.title(), /^test failed/)
      assert.equal(await page.locator('img, base, iframe, #console a').count(), 0)
      assert.equal(await page.locator('script').count(), 2)
      await page.keyboard.press('Home')
      const rows = await rowsOf(page)
      assert.equal(rows[0], '</script><script>alert(1)</script><img src=x onerror=alert(2)>')
      assert.equal(rows[2], 'link')
      assert.match(await page.getByRole('banner').innerText(), /Test failed/)
    })

    it('stays quick with ten megabytes of anything', async function () {
      this.timeout(60_000)
      const test = makeTest(['floods'])
      for (const line of ['[    1.000000] \x1b[31musb 1-1\x1b[0m: reset\r\n', '\n', '\x1b[31m\b', 'x']) {
        const run = new ScriptedRun().take().load(test).start(test)
        for (let sent = 0; sent < 10_000_000; sent += 65_536) {
          run.wait(1).receive(line.repeat(Math.ceil(65_536 / line.length)))
        }
        run.receive('\r\n\x1b[0mlast words\r\n').wait(100).fail(test, assertionError).finish('test-failed')
        const { page, complaints } = await browser.open(run)
        const started = performance.now()
        await page.keyboard.press('End')
        assert.ok((await rowsOf(page)).includes('last words'), JSON.stringify(line))
        assert.ok(performance.now() - started < 5000)
        assert.deepEqual(complaints, [])
        await page.context().close()
      }
    })
  })
})
