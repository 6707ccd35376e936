import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import type { RunEvent } from '../../../src/core/events.ts'
import { makeBench, shellSpec, simulatedBoards, withFaults } from '../../support/simulated-bench.ts'
import { findAll, parseXml } from '../../support/xml.ts'

const passing = shellSpec(`it('works', async () => {
    assert.match((await board.shell.run('uname -r')).stdout, /^\\d+\\.\\d+/)
  })`)
const failing = passing.replace('assert.match', 'assert.doesNotMatch')
const flaky = shellSpec(`let count = 0
  it('works at last', () => { assert.equal(++count, 2) })`)

describe('hil run, as a user calls it', function () {
  this.timeout(60_000)

  it('passes on a simulated board, says where the report is, and exits with 0', async () => {
    await using bench = await makeBench({ 'tests/a.spec.ts': passing })
    const { exitCode, stdout, stderr } = await bench.hil(['run', 'tests/a.spec.ts', '--env', 'sim.yaml'])
    assert.equal(exitCode, 0, stdout + stderr)
    assert.equal(stderr, '')
    assert.match(stdout, /^\nsim {2}tests\/a\.spec\.ts\n {2}suite\n {4}✓ works {2}\d+ ms\n/)
    assert.match(stdout, /linux → shell {2}\d+/)
    const [, directory = ''] = /\n1 passed .*\nReport: (reports\/.*-sim)\n$/.exec(stdout) ?? []
    for (const name of [
      'events.jsonl',
      'console.log',
      'console.raw',
      'junit.xml',
      'summary.json',
      'environment.yaml',
      'hil.log',
    ]) {
      assert.ok(existsSync(bench.path(`${directory}/${name}`)), name)
      assert.ok(existsSync(bench.path(`reports/latest/${name}`)), name)
    }
    assert.match(await bench.report('console.log'), /│ \[ {4}0\.000000\] Linux version/)
    assert.match(await bench.report('environment.yaml'), /machine:\n {6}driver: simulator/)
    assert.match(await bench.report('hil.log'), /run-finished .*"verdict":"passed"/)
    assert.deepEqual(
      (await bench.summary()).boards.map(({ power }) => power),
      ['off'],
    )
  })

  it('exits with 1 when an assertion fails, and the JUnit file says so', async () => {
    await using bench = await makeBench({ 'a.spec.ts': failing })
    const { exitCode, stdout } = await bench.hil(['run', '.', '--env', 'sim'])
    assert.equal(exitCode, 1)
    assert.match(stdout, /✗ 1\) works/)
    assert.match(stdout, /at a\.spec\.ts:6:12/)
    assert.match(stdout, /console of sim, last lines:\n.*│/)
    assert.doesNotMatch(stdout, /HISTFILE|hil[-="]/)
    assert.match(stdout, /\nVerdict: test failed \(exit 1\)\nReport: /)
    const document = parseXml(await bench.report('junit.xml'))
    assert.equal(document.attributes['failures'], '1')
    assert.match(findAll(document, 'failure')[0]?.text ?? '', /a\.spec\.ts:6:12/)
  })

  it('calls flaky what fails and then passes, and fails on it only when told to', async () => {
    await using bench = await makeBench({ 'a.spec.ts': flaky })
    const args = ['run', 'a.spec.ts', '--env', 'sim', '--retries', '1']
    const tolerant = await bench.hil(args)
    assert.equal(tolerant.exitCode, 0)
    assert.match(tolerant.stdout, /~ works at last .*flaky: passed on attempt 2/)
    assert.equal(findAll(parseXml(await bench.report('junit.xml')), 'flakyFailure').length, 1)
    assert.equal((await bench.hil([...args, '--fail-on-flaky'])).exitCode, 1)
  })

  it('exits with 3 when the bench fails, and with 129 for a bisection', async () => {
    await using bench = await makeBench({
      'env/bad.yaml': withFaults('{ name: disconnect, at: shell }'),
      'a.spec.ts': passing,
    })
    const { exitCode, stdout } = await bench.hil(['run', 'a.spec.ts', '--env', 'bad'])
    assert.equal(exitCode, 3, stdout)
    assert.match(stdout, /infrastructure failed/)
    assert.equal(findAll(parseXml(await bench.report('junit.xml')), 'error').length, 1)
    assert.equal((await bench.hil(['run', 'a.spec.ts', '--env', 'bad', '--exit', 'bisect'])).exitCode, 129)
  })

  it('runs side by side on several boards, and keeps what it shows of them apart', async () => {
    const boards = ['one', 'two', 'three']
    await using bench = await makeBench({
      'env/lab.yaml': simulatedBoards(boards),
      'a.spec.ts': shellSpec(`for (const n of [1, 2, 3]) it('test ' + n, () => board.shell.run('true'))`),
    })
    const { exitCode, stdout } = await bench.hil(['run', 'a.spec.ts', '--env', 'lab'])
    assert.equal(exitCode, 0, stdout)
    const headings = [...stdout.matchAll(/^(\w+) {2}a\.spec\.ts$/gm)].map(([, board]) => board)
    assert.deepEqual(headings.toSorted(), boards.toSorted())
    assert.match(stdout, /Report: reports\/.*-3-boards\n/)
    for (const board of boards) assert.match(await bench.report(`console-${board}.log`), /Linux version/)
  })

  it('writes JSON lines to stdout that are those of events.jsonl', async () => {
    await using bench = await makeBench({ 'a.spec.ts': passing })
    const { stdout, stderr } = await bench.hil(['run', 'a.spec.ts', '--env', 'sim', '--reporter', 'json'])
    assert.equal(stdout, await bench.report('events.jsonl'))
    assert.match(stderr, /^Report: reports\//)
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as RunEvent)
    assert.equal(events[0]?.type, 'run-started')
    assert.equal(events.at(-1)?.type, 'run-finished')
  })

  it('writes JUnit to stdout, or to a file beside what it shows to people', async () => {
    await using bench = await makeBench({ 'a.spec.ts': passing })
    const onStdout = await bench.hil(['run', 'a.spec.ts', '--env', 'sim', '--reporter', 'junit'])
    assert.equal(parseXml(onStdout.stdout).attributes['tests'], '1')
    const args = ['--reporter', 'dot', '--reporter', 'junit=out/junit.xml']
    const inFile = await bench.hil(['run', 'a.spec.ts', '--env', 'sim', ...args])
    assert.match(inFile.stdout, /^\.\n\n1 passed/)
    assert.equal(readFileSync(bench.path('out/junit.xml'), 'utf8'), await bench.report('junit.xml'))
  })

  it('annotates failures for GitHub, and writes the summary of the step', async () => {
    await using bench = await makeBench({ 'a.spec.ts': failing })
    const variables = { GITHUB_STEP_SUMMARY: bench.path('step.md') }
    const args = ['--reporter', 'spec', '--reporter', 'github']
    const { stdout } = await bench.hil(['run', 'a.spec.ts', '--env', 'sim', ...args], variables)
    assert.match(stdout, /^::error file=a\.spec\.ts,line=6,col=12,title=sim%3A suite › works::/m)
    assert.match(readFileSync(bench.path('step.md'), 'utf8'), /### hil: sim: test failed \(/)
  })

  it('fails a run whose report could not be written, and finishes all others', async () => {
    await using bench = await makeBench({ 'a.spec.ts': passing })
    const args = ['--reporter', 'spec', '--reporter', 'junit=/dev/full']
    const { exitCode, stdout, stderr } = await bench.hil(['run', 'a.spec.ts', '--env', 'sim', ...args])
    assert.match(stdout, /1 passed/)
    assert.match(stderr, /^hil: junit could not be written: no space left on device$/m)
    assert.equal(exitCode, 3)
    assert.equal((await bench.summary()).verdict, 'passed')
  })

  it('lets nothing that a board or a spec says through as a control sequence', async () => {
    const evil = String.raw`\033]0;evil\007\033[2J\233]52;c;x\007\r\n::error::forged\n\000`
    await using bench = await makeBench({
      'a.spec.ts': shellSpec(`it('is evil', async () => {
        const { stdout } = await board.shell.run("printf '${evil.replaceAll('\\', '\\\\')}'")
        console.log(stdout)
        assert.fail(stdout)
      })`),
    })
    const { exitCode, stdout } = await bench.hil(['run', 'a.spec.ts', '--env', 'sim'])
    assert.equal(exitCode, 1, stdout)
    assert.match(stdout, /forged/)
    assert.doesNotMatch(stdout, /[\x00-\x09\x0b-\x1f\x7f-\x9f]|^\s*::/m)
    assert.doesNotMatch(await bench.report('console.log'), /[\x00-\x09\x0b-\x1f\x7f-\x9f]/)
    assert.match(await bench.report('console.raw'), /\x1b\]0;evil\x07/)
    parseXml(await bench.report('junit.xml'))
  })

  it("shows hil's own log when asked to", async () => {
    await using bench = await makeBench({ 'a.spec.ts': passing })
    const { stdout } = await bench.hil(['run', 'a.spec.ts', '--env', 'sim'], { HIL_LOG: 'info' })
    assert.match(stdout, /Z info {2}board-taken \{.*"board":"sim"/)
  })

  it('finds the last report, and makes it again from its events', async () => {
    await using bench = await makeBench({ 'a.spec.ts': passing })
    await bench.hil(['run', 'a.spec.ts', '--env', 'sim'])
    const { stdout } = await bench.hil(['report', 'path'])
    const junit = await bench.report('junit.xml')
    assert.equal(readFileSync(bench.path(`${stdout.trim()}/junit.xml`), 'utf8'), junit)
    assert.equal((await bench.hil(['report', 'make', stdout.trim()])).exitCode, 0)
    assert.equal(await bench.report('junit.xml'), junit)
  })
})
