import assert from 'node:assert/strict'
import { openHilTerminal } from '../../support/hil-terminal.ts'
import { makeBench, shellSpec } from '../../support/simulated-bench.ts'

const passing = shellSpec(`it('works', () => board.shell.run('true'))`)
const failing = shellSpec(`it('fails', async () => {
    await board.shell.run("printf '\\\\033]0;evil\\\\007Z\\\\n'")
    assert.fail('no')
  })`)
const endless = shellSpec(`it('waits', () => board.shell.run('sleep 1000', { timeout: '1h' }))
  it('never runs', () => {})`)

/** What a terminal is told apart from text and colours: cursor up, carriage return, erasing. */
const allowed = /\x1b\[(?:\d{0,2}m|K|J|\d{0,2}A)/g

describe('hil on a terminal', function () {
  this.timeout(60_000)

  it('shows a live line while it works, and leaves the tree in colours', async () => {
    await using bench = await makeBench({ 'a.spec.ts': failing })
    await using terminal = await openHilTerminal(['run', 'a.spec.ts', '--env', 'sim'], {
      cwd: bench.directory,
    })
    assert.equal(await terminal.exitCode(), 1)
    const shown = terminal.shown()
    assert.match(shown, /sim.* +(?:starting|→ \w+ \d+\.\d s of|shell \d+\.\d s)/)
    assert.match(shown, /\x1b\[31m✗ 1\) fails\x1b\[39m/)
    assert.match(shown, /\r\n.*Report: reports\/[^\r\n]*\r\n(?:\x1b\[[KJ])*exit code/)
    assert.doesNotMatch(shown.replaceAll(allowed, ''), /[\x1b\x07]/)
  })

  it('has no colours with NO_COLOR, and no live line on a dumb terminal', async () => {
    await using bench = await makeBench({ 'a.spec.ts': passing })
    const environment = { NO_COLOR: '1', TERM: 'dumb' }
    await using terminal = await openHilTerminal(['run', 'a.spec.ts', '--env', 'sim'], {
      cwd: bench.directory,
      environment,
    })
    assert.equal(await terminal.exitCode(), 0)
    assert.doesNotMatch(terminal.shown(), /\x1b/)
  })

  it('ends in good order on Ctrl-C', async () => {
    await using bench = await makeBench({ 'a.spec.ts': endless })
    await using terminal = await openHilTerminal(['run', 'a.spec.ts', '--env', 'sim'], {
      cwd: bench.directory,
    })
    const { console, t } = terminal
    await console.expect({ busy: 'sleep 1000' }, t)
    await console.write('\x03', t)
    await console.expect({ told: 'SIGINT: stopping; the boards are being released' }, t)
    assert.equal(await terminal.exitCode(), 130)
    const summary = await bench.summary()
    assert.equal(summary.verdict, undefined)
    assert.equal(summary.interruptedBy, 'SIGINT')
    assert.deepEqual(
      summary.boards.map(({ power }) => power),
      ['off'],
    )
    assert.deepEqual(
      summary.tests.map(({ outcome }) => outcome),
      ['skipped', 'not run'],
    )
    assert.match(terminal.shown(), /1 not run/)
  })

  it("gives a person the board's console, and logs what goes over it", async () => {
    await using bench = await makeBench({})
    const words = ['console', '--env', 'sim', '--state', 'bootloader']
    await using terminal = await openHilTerminal(words, { cwd: bench.directory })
    const { console, t } = terminal
    await console.expect({ attached: 'The console of sim; Ctrl-] leaves.' }, t)
    await console.write('echo by $global.version\r', t)
    await console.expect({ answer: 'by 2026.' }, t)
    await console.write('\x1d', t)
    await console.expect({ report: 'Report: reports/' }, t)
    assert.equal(await terminal.exitCode(), 0)
    const log = await bench.report('console.log')
    assert.match(log, /» echo by \$global\.version\n/)
    assert.match(log, /│ by 2026\./)
    assert.deepEqual(
      (await bench.summary()).boards.map(({ power }) => power),
      ['off'],
    )
  })

  it('says that a board is off, whose console would be silent', async () => {
    await using bench = await makeBench({})
    await using terminal = await openHilTerminal(['console', '--env', 'sim'], { cwd: bench.directory })
    const { console, t } = terminal
    await console.expect({ off: 'sim is off; --state shell would switch it on.' }, t)
    await console.write('\x1d', t)
    assert.equal(await terminal.exitCode(), 0)
  })

  it('hands the live console over where a test failed, with --debug', async () => {
    await using bench = await makeBench({ 'a.spec.ts': failing })
    await using terminal = await openHilTerminal(['run', 'a.spec.ts', '--env', 'sim', '--debug'], {
      cwd: bench.directory,
    })
    const { console, t } = terminal
    await console.expect({ handed: 'You have the console of sim; Ctrl-] goes on.' }, t)
    const first = await console.expect({ prompt: '# ' }, t)
    assert.doesNotMatch(first.before, /hil|stty|echo/, 'how the prompt was won back')
    await console.write('echo it is $((6 * 7))\r', t)
    await console.expect({ answer: 'it is 42' }, t)
    await console.write('\x1d', t)
    assert.equal(await terminal.exitCode(), 1)
  })
})
