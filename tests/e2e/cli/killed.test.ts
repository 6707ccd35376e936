import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { readFile } from 'node:fs/promises'
import type { RunEvent } from '../../../src/core/events.ts'
import { startDeadline } from '../../../src/core/deadline.ts'
import { untilNoProcess } from '../../support/processes.ts'
import { hilCommand } from '../../support/run-hil.ts'
import { makeBench, shellSpec, type Bench } from '../../support/simulated-bench.ts'
import { parseXml } from '../../support/xml.ts'

const endless = shellSpec(`it('waits', () => board.shell.run('sleep 1000', { timeout: '1h' }))`)

/** Starts a run whose events come on stdout, and waits until its test has begun to sleep. */
async function startEndless(bench: Bench, nodeOptions: readonly string[] = []) {
  const [node, ...args] = hilCommand
  const words = ['run', 'a.spec.ts', '--env', 'sim', '--reporter', 'json']
  const child = spawn(node, [...nodeOptions, ...args, ...words], {
    cwd: bench.directory,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line) as RunEvent
    if (event.type === 'console-tx' && event.text?.includes('sleep 1000') === true) break
  }
  child.stdout.resume()
  return child
}

describe('a run that is ended from outside', function () {
  this.timeout(60_000)

  for (const [signal, exitCode] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 143],
  ] as const) {
    it(`exits with ${exitCode} on ${signal}, boards as declared and report complete`, async () => {
      await using bench = await makeBench({ 'a.spec.ts': endless })
      const child = await startEndless(bench)
      child.kill(signal)
      assert.deepEqual(await once(child, 'exit'), [exitCode, null])
      const summary = await bench.summary()
      assert.deepEqual(
        summary.boards.map(({ power }) => power),
        ['off'],
      )
      assert.equal(summary.interruptedBy, signal === 'SIGINT' ? 'SIGINT' : 'SIGTERM')
    })
  }

  it('releases its boards after a bug in hil, and asks to report it', async () => {
    // A mistake in a callback that nobody waits for, at the moment of our choice.
    const bug = "process.on('SIGUSR2', () => { throw new TypeError('boom') })"
    await using bench = await makeBench({ 'a.spec.ts': endless, 'bug.mjs': bug })
    const child = await startEndless(bench, ['--import', bench.path('bug.mjs')])
    const stderr = text(child.stderr)
    child.kill('SIGUSR2')
    assert.deepEqual(await once(child, 'exit'), [4, null])
    assert.match(
      await stderr,
      /^hil: this is a bug in hil, please report it: boom\n.*TypeError: boom\n +at .*bug\.mjs/ms,
    )
    const summary = await bench.summary()
    assert.equal(summary.verdict, 'hil-bug')
    assert.deepEqual(
      summary.boards.map(({ power }) => power),
      ['off'],
    )
    assert.match(await bench.report('hil.log'), /error note .*this is a bug in hil, the run ends: boom/)
  })

  it('has every event on disk after SIGKILL, leaves no process, and a report can be made', async () => {
    await using bench = await makeBench({ 'a.spec.ts': endless })
    const child = await startEndless(bench)
    child.kill('SIGKILL')
    await once(child, 'exit')
    const events = (await bench.report('events.jsonl'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as RunEvent)
    assert.ok(events.some((event) => event.type === 'console-tx' && event.text?.includes('sleep 1000')))
    using t = startDeadline(20_000, 'the workers to end')
    await untilNoProcess(bench.directory, t)
    assert.equal((await bench.hil(['report', 'make', 'reports/latest'])).exitCode, 0)
    assert.equal(parseXml(await bench.report('junit.xml')).attributes['errors'], '2')
    assert.equal((await bench.summary()).tests[0]?.outcome, 'unfinished')
  })

  it('goes on when the reader of its stdout goes away', async () => {
    await using bench = await makeBench({
      'a.spec.ts': shellSpec(`it('works', () => board.shell.run('true'))`),
    })
    const line = [
      '"$@" --reporter json | head -n 1 >/dev/null',
      'sh',
      ...hilCommand,
      'run',
      'a.spec.ts',
      '--env',
      'sim',
    ]
    const shell = spawn('/bin/sh', ['-c', ...line], { cwd: bench.directory, stdio: 'ignore' })
    await once(shell, 'exit')
    const events = await readFile(bench.path('reports/latest/events.jsonl'), 'utf8')
    assert.match(events, /"type":"run-finished","verdict":"passed"/)
  })
})
